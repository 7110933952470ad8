/* Walking from view to view without loading the page: an address is asked for once, everything else follows from it.
 *
 * Every control is a plain link that the server has written; here links are followed in place, clicks on the map become
 * links, and the line to the server is watched. */
(function () {
  "use strict";
  const ASK_EVERY_MS = 10000;
  const TICK_MS = 1000;
  const PAUSE_MS = 180;
  const byId = (id) => document.getElementById(id);
  let doors = {};
  let seeking = 0;
  let line = null; // what the server last said of itself

  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const address = () => location.pathname + location.search;
  const query = (url) => new URL(url, location.href).searchParams;
  const unitOf = (url) => query(url).get("unit") || "";

  /* Ask the server for an address. fly: the map goes where the address says; else it stays where the reader left it. */
  function ask(url, fly) { set("asked", { data: { url, fly, n: Date.now() } }); }

  function go(url, fly) {
    const to = fly ? url : staying(url);
    if (to !== address()) history.pushState(null, "", to);
    ask(to, Boolean(fly));
  }

  /* An address of the same unit keeps the place to which the reader moved the map. */
  function staying(url) {
    const at = query(address()).get("at");
    const base = url.replace(/([?&])at=[^&]*(&|$)/, (_, before, after) => (after ? before : "")).replace(/\?$/, "");
    if (!at || unitOf(url) !== unitOf(address())) return base;
    return placed(base, at);
  }

  /* In the canonical order: before lang and day. */
  function placed(url, at) {
    const [path, text] = url.split("?");
    const parts = (text || "").split("&").filter((part) => part && !part.startsWith("at="));
    const after = parts.findIndex((part) => part.startsWith("lang=") || part.startsWith("day="));
    parts.splice(after < 0 ? parts.length : after, 0, "at=" + at);
    return path + "?" + parts.join("&");
  }

  function up() {
    const back = byId("up");
    if (back) go(back.getAttribute("href"), back.dataset.go === "fly");
  }

  function filled(template, values) {
    return Object.entries(values).reduce((url, [name, value]) =>
      url.replaceAll("%7B" + name + "%7D", encodeURIComponent(value)), template);
  }

  function follow(event) {
    const link = event.target.closest && event.target.closest("a[data-go]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.closest("#hits")) forget();
    go(link.getAttribute("href"), link.dataset.go === "fly");
  }

  function forget() {
    byId("search").value = "";
    seek();
    set("hits", { children: [] });
    byId("search").blur();
  }

  /* The search box. It asks when the reader pauses, and never in the middle of a word that is being composed. */
  function makeBox() {
    const box = Object.assign(document.createElement("input"), {
      id: "search", type: "text", autocomplete: "off", maxLength: 100, spellcheck: false, enterKeyHint: "search" });
    const later = (event) => {
      clearTimeout(seeking);
      if (!event.isComposing) seeking = setTimeout(seek, PAUSE_MS);
    };
    box.addEventListener("input", later);
    box.addEventListener("compositionend", () => { clearTimeout(seeking); seeking = setTimeout(seek, PAUSE_MS); });
    byId("search-room").append(box);
  }

  function seek() {
    clearTimeout(seeking);
    set("sought", { data: byId("search").value });
  }

  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement && document.activeElement.tagName);

  function key(event) {
    if (event.key === "Escape") {
      if (typing()) forget();
      else up();
    } else if (event.key === "/" && !typing()) {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key.startsWith("Arrow") && event.target.closest && event.target.closest("#search-box")) {
      along(event);
    } else if (event.key === "Enter" && event.target.id === "search" && !event.isComposing) {
      const first = document.querySelector("#hits a");
      if (first) first.click();
    } else if (event.key === " " && event.target.getAttribute && event.target.getAttribute("role") === "switch") {
      event.preventDefault();
      event.target.click();
    }
  }

  /* Arrow keys run through the hits. */
  function along(event) {
    const stops = [byId("search"), ...document.querySelectorAll("#hits a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && stops[stops.indexOf(document.activeElement) + step];
    if (next) { event.preventDefault(); next.focus(); }
  }

  /* The server is asked how it is; when its data are newer than the page's, or it is back again, the view is asked anew. */
  async function watch() {
    let now = "";
    try {
      const reply = await fetch("/health", { cache: "no-store" });
      now = await reply.text();
    } catch { now = ""; }
    const lost = now === "";
    set("line-problem", { children: lost ? doors.lost || "" : "" });
    if (!lost && line !== null && now !== line) ask(address(), false);
    if (!lost || line !== null) line = now;
  }

  function tick() {
    const clock = byId("clock");
    if (!clock) return;
    const now = new Date();
    const pad = (number) => String(number).padStart(2, "0");
    const day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
    const weekday = now.toLocaleDateString(doors.lang === "en" ? "en" : "zh-CN", { weekday: "short" });
    const said = `${day} ${weekday} ${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
    if (clock.textContent !== said) clock.textContent = said;
  }

  const plain = (type, props, namespace) => ({ namespace: namespace || "dash_html_components", type, props });

  /* The chart's library is large: it is asked for when the map is drawn, never before. */
  function chart(said) {
    const heading = plain("H2", { children: [said.title, plain("Small", { children: said.about })] });
    if (!said.figure) return [heading, plain("P", { children: said.none, className: "quiet" })];
    const config = { displayModeBar: false, showSendToCloud: false, displaylogo: false };
    const graph = { id: "trend-graph", figure: said.figure, config, responsive: true, style: { height: "100%" } };
    return [heading, plain("Div", { children: plain("Graph", graph, "dash_core_components"), className: "trend-graph" })];
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.walk = {
    start() {
      makeBox();
      watch(); // not before: until here Dash has no page whose properties could be set
      setInterval(watch, ASK_EVERY_MS);
      return { url: address(), fly: true, n: Date.now() };
    },
    click(click) {
      if (!click) return;
      if (click.kind === "blank") up();
      else if (click.kind === "unit" && click.code) go(filled(doors.unit, { code: click.code }), false);
      else if (click.kind === "row" && click.key) go(filled(doors.row, { theme: click.theme, key: click.key }), false);
    },
    viewport(seen) {
      if (!seen) return;
      const at = [seen.lon.toFixed(5), seen.lat.toFixed(5), seen.zoom.toFixed(2)].join(",");
      history.replaceState(null, "", placed(address(), at));
    },
    doors(said) {
      if (!said) return;
      doors = said;
      byId("shell").dataset.here = said.here; // the address of what is on the screen now
      document.title = said.title;
      document.documentElement.lang = said.lang === "en" ? "en" : "zh-CN";
      const input = byId("search");
      if (input) { input.placeholder = said.search; input.setAttribute("aria-label", said.search); }
      tick();
    },
    problem(said) { return said || ""; },
    trend(said, ready) { return said && ready ? chart(said) : window.dash_clientside.no_update; },
  };

  document.addEventListener("click", follow);
  document.addEventListener("keydown", key);
  window.addEventListener("popstate", () => ask(address(), true));
  setInterval(tick, TICK_MS);
})();
