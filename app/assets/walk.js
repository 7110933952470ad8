/* Walking from view to view without loading the page: an address is asked for once, everything else follows from it.
 *
 * Every control is a plain link that the server has written; here links are followed in place, clicks on the map become
 * links, and the line to the server is watched. */
(function () {
  "use strict";
  const ASK_EVERY_MS = 10000;
  const TICK_MS = 1000;
  const SPREAD_MS = 3000;
  const PAUSE_MS = 180;
  const byId = (id) => document.getElementById(id);
  const { ask, set, doors, open } = window.onemapLine;
  const { give } = window.onemapParts;
  let seeking = 0;
  let line = null; // what the server last said of itself

  const address = () => location.pathname + location.search;
  const query = (url) => new URL(url, location.href).searchParams;
  const unitOf = (url) => query(url).get("unit") || "";

  const leading = (url, fly) => (fly ? url : staying(url));

  function go(url, fly) {
    const to = leading(url, fly);
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
    if (link.dataset.values) give("map", { featureState: { url: link.dataset.values } });
    go(link.getAttribute("href"), link.dataset.go === "fly");
  }

  /* A pointer on its way to another indicator: its colours are asked for before it is pressed. */
  function near({ target }) {
    const link = target.closest && target.closest("a[data-values]");
    if (link && window.onemap) window.onemap.stage.shades.values(link.dataset.values).catch(() => {}); // asked again by the press
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
    set("sought", { data: { text: byId("search").value, url: address() } });
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
    give("line-problem", lost ? doors.lost || "" : "");
    if (window.onemapScenes && window.onemapScenes.player.frozen) return;
    if (!lost && line !== null && now !== line) ask(address(), false, versions(now));
    if (!lost || line !== null) line = now;
  }

  /* Walls do not ask all at once: nobody waits before them. */
  const spread = () => (window.onemapRoom && window.onemapRoom.isWall() ? SPREAD_MS : 0);

  /* The server says by itself that its data are new. */
  function news({ detail }) {
    if (line !== null && JSON.stringify(versions(line)) !== JSON.stringify(detail)) setTimeout(watch, Math.random() * spread());
  }

  const versions = (said) => { try { return JSON.parse(said).versions; } catch { return undefined; } };

  function tick() {
    const clock = byId("clock");
    if (!clock) return;
    const now = new Date();
    const pad = (number) => String(number).padStart(2, "0");
    const day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
    const weekday = doors.lang !== "en" ? now.toLocaleDateString("zh-CN", { weekday: "short" }) + " "
      : innerWidth < innerHeight ? "" : now.toLocaleDateString("en", { weekday: "short" }) + " "; // an upright screen has no room for it beside the words
    const said = `${day} ${weekday}${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
    if (clock.textContent !== said) clock.textContent = said;
  }

  /* Clicks come from the map itself, not by way of Dash, which takes its time. */
  function click({ detail: said }) {
    const to = pressed(said);
    if (said.kind === "blank") up();
    else if (to) go(to, false);
  }

  /* The address to which a press on what lies there leads. */
  function pressed({ kind, code, theme, key }) {
    if (kind === "unit" && code) return filled(doors.unit, { code });
    return kind === "row" && key ? filled(doors.row, { theme, key }) : null;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.walk = {
    start() {
      watch();
      setInterval(watch, ASK_EVERY_MS);
    },
    viewport(seen) {
      if (!seen) return;
      const at = [seen.lon.toFixed(5), seen.lat.toFixed(5), seen.zoom.toFixed(2)].join(",");
      history.replaceState(null, "", placed(address(), at));
    },
    problem(said) { return said || ""; },
  };

  Object.assign(window.onemapLine, { go, leading, pressed });
  /* All other indicators come when they are unfolded for the first time; until then there is only their heading. */
  function unfold({ target }) {
    if (target.closest("#more") && target.open && target.childElementCount === 1) ask(address(), false);
  }

  document.addEventListener("onemap:mounted", () => { makeBox(); open(); }, { once: true });
  document.addEventListener("onemap:click", click);
  document.addEventListener("toggle", unfold, true);
  document.addEventListener("onemap:versions", news);
  document.addEventListener("pointerover", near);
  document.addEventListener("click", follow);
  document.addEventListener("keydown", key);
  window.addEventListener("popstate", () => ask(address(), true));
  setInterval(tick, TICK_MS);
})();
