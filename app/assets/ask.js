/* The line to the server: an address is asked for, and what the answer changes is laid out, the map's part first.
 *
 * Dash's own callbacks would carry the same facts, but take a tenth of a second before they ask, and longer to lay out
 * the answer, before the map hears of it. */
(function () {
  "use strict";
  const AGAIN_MS = 1500;
  const AHEAD_MS = 20000;
  const FRAME_MS = 200; // a hidden page has no frames
  const PATIENCE_MS = 3000; // neither the first panels nor a chart wait longer for the map
  const doors = {}; // where clicks on the map lead, and the words that the scripts say by themselves
  const { give } = window.onemapParts;
  let known = {}; // what the page shows, as the server knows it
  let number = 0; // of the newest question; answers to older ones are not laid out
  let under = null; // the question under way
  let waiting = ""; // what is said until the server answers
  let due = {}; // parts whose turn has not come: of several answers that follow closely, the newest of each part
  let ahead = null; // the answer to a view that was foreseen
  let charted = null; // the newest chart that was said

  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const framed = () => Promise.race([new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }), pause(FRAME_MS)]);
  const set = (id, props) => window.dash_clientside.set_props(id, props);

  /* fly: the map goes where the address says; else it stays where the reader left it. seen: versions of the data that the
   * page has heard of, behind which no answer may be. */
  async function ask(url, fly, seen) {
    const mine = (number += 1);
    if (under) under.abort();
    under = new AbortController();
    const question = { ...questioned(url, fly, seen), signal: under.signal };
    const again = () => mine === number && ask(url, fly, seen);
    let said;
    try {
      said = await (seen ? null : taken(url, fly));
      if (!said) {
        const reply = await (asked() || fetch("/answer", question));
        if (!reply.ok) { later(again, doors.busy); return; }
        said = await reply.json();
      }
      if (!said.parts || !said.known) throw new TypeError("this is no answer");
    } catch (problem) {
      if (problem.name !== "AbortError") later(again, doors.lost);
      return;
    }
    if (mine !== number) return;
    if (waiting) give("line-problem", (waiting = ""));
    known = said.known;
    await lay(said.parts);
  }

  const questioned = (url, fly, seen) => ({ method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ asked: { url, fly, n: Date.now(), seen, hour: new Date().getHours(), more: unfolded() }, known }) });

  /* A view that will be asked for in a moment. Its answer is held as long as the page shows what it showed then. */
  function foresee(url, fly) {
    if (fits(url, fly)) return ahead.answer;
    const answer = fetch("/answer", questioned(url, fly)).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
    ahead = { url, fly: Boolean(fly), known, until: performance.now() + AHEAD_MS, answer };
    return answer;
  }

  const fits = (url, fly) => ahead && ahead.url === url && ahead.fly === Boolean(fly) && ahead.known === known && performance.now() < ahead.until;

  function taken(url, fly) {
    const answer = fits(url, fly) ? ahead.answer : null;
    ahead = null;
    return answer;
  }

  /* All other indicators are half of an answer: they are sent to readers who have unfolded them. */
  const unfolded = () => Boolean(document.querySelector("#more details[open]"));

  /* What the document has asked before any script was read (pages/document.py): the first question of the page. */
  function asked() {
    const first = window.onemapFirst;
    delete window.onemapFirst;
    return first;
  }

  /* Too many ask just now, or the line broke. Each page asks again at a moment of its own, so that they do not come together. */
  function later(again, words) {
    give("line-problem", (waiting = words || ""));
    setTimeout(again, AGAIN_MS * (1 + Math.random()));
  }

  /* The panels come after the map: the browser lays them out while the map's tiles are on their way. The server sends no
   * part twice, so each is laid out, also when the next answer comes before its turn. */
  async function lay(parts) {
    const map = {}, rest = {};
    for (const [name, value] of Object.entries(parts)) {
      if (name.startsWith("map.")) map[name.slice(4)] = value;
      else rest[name] = value;
    }
    const { doors: leading, trend, flavour, page, ...regions } = rest;
    Object.assign(doors, leading);
    Object.assign(due, regions, leading ? { shell: { leading } } : {});
    const drawn = Object.keys(map).length > 0;
    give("shell", { page, flavour }); // before the map: without it the page has no room for one, and its first tiles would be of a far zoom
    if (drawn) give("map", map);
    await (drawn && !window.onemap ? begun() : map.camera ? framed() : settled());
    const { shell: told, ...panels } = due;
    due = {};
    for (const [id, content] of Object.entries(panels)) give(id, content);
    await pause(0); // React has laid them out
    if (told) give("shell", told);
    document.dispatchEvent(new CustomEvent("onemap:laid"));
    if (trend) await plot(trend);
  }

  /* The first panels let the map begin: it has more to do, and does most of it while they are laid out. */
  const begun = () => Promise.race([heard("onemap:begun").then(framed), pause(PATIENCE_MS)]);

  /* New colours are one frame: the panels let it pass, or the browser would lay them out first. A new place takes longer
   * than a reader waits for the panels. */
  async function settled() {
    const { stage } = window.onemap || {};
    if (stage && stage.began !== undefined) await Promise.race([rested(), pause(FRAME_MS)]);
  }

  /* What no region holds: the colours of the page, its title, and the address of what is on the screen. */
  function dress({ page, flavour, leading }) {
    const shell = document.getElementById("shell");
    if (page) shell.className = page;
    for (const [name, value] of Object.entries(flavour || {})) shell.style.setProperty(name, value);
    if (!leading) return;
    shell.dataset.here = leading.here;
    document.title = leading.title;
    document.documentElement.lang = leading.lang === "en" ? "en" : "zh-CN";
    const input = document.getElementById("search");
    if (input) { input.placeholder = leading.search; input.setAttribute("aria-label", leading.search); }
  }

  /* Dash has drawn the shell. */
  function open() { window.onemapParts.take("shell", dress); }

  const plain = (type, props, namespace) => ({ namespace: namespace || "dash_html_components", type, props });

  /* An upright wall has little height for a chart: two values beside it, its dates below it, and no room above. */
  function fitted(figure) {
    if (!window.onemapRoom.isWall() || innerWidth > innerHeight) return figure;
    const { layout } = figure;
    return { ...figure, layout: { ...layout, minreducedheight: 16, margin: { ...layout.margin, t: 6 }, yaxis: { ...layout.yaxis, nticks: 2 }, annotations: [] } };
  }

  /* The chart's library is large: it is asked for when the map is drawn, never before. */
  function chart(said) {
    const heading = plain("H2", { children: [said.title, plain("Small", { children: said.about }), ...(said.marks || []),
      plain("A", { children: "?", className: "why", "data-go": "stay", ...said.why })] });
    if (!said.figure) return [heading, plain("P", { children: said.none, className: "quiet" })];
    const config = { displayModeBar: false, showSendToCloud: false, displaylogo: false };
    const graph = { id: "trend-graph", figure: fitted(said.figure), config, responsive: true, style: { height: "100%" } };
    return [heading, plain("Div", { children: plain("Graph", graph, "dash_core_components"), className: "trend-graph" })];
  }

  /* A chart costs as much as a map: it waits until the map has come to rest. */
  async function plot(said) {
    charted = said;
    await Promise.race([rested(), pause(PATIENCE_MS)]);
    if (charted === said) set("trend", { children: chart(said) });
  }

  matchMedia("(orientation: portrait)").addEventListener("change", () => charted && set("trend", { children: chart(charted) }));

  const heard = (event) => new Promise((done) => { document.addEventListener(event, done, { once: true }); });
  const rested = () => heard("onemap:drawn");

  window.onemapLine = { ask, set, doors, open, foresee };
  ask(location.pathname + location.search, true);
})();
