/* Commands of a wall, by key, by touch, and by whoever sends the event "onemap:command" ({ detail: { do, to } }), such as a remote. */
(function () {
  "use strict";
  const PANELS = ["card", "figures", "ranking", "covered", "trend", "themes", "news"];
  const KEYS = { ArrowRight: "next", PageDown: "next", n: "next", ArrowLeft: "previous", PageUp: "previous", p: "previous", " ": "pause",
    ArrowDown: "drill", Enter: "drill", d: "drill", ArrowUp: "back", Backspace: "back", s: "spotlight", f: "freeze", c: "flavour", g: "guest",
    k: "full", "?": "help", h: "help" };
  const byId = (id) => document.getElementById(id);
  const shell = () => byId("shell");
  const scenes = () => window.onemapScenes;
  const seen = (node) => node && node.offsetParent !== null && getComputedStyle(node).visibility === "visible";

  /* Into a unit by its code; without one into the last of the ranking of which something is known. */
  function drill(to) {
    const lines = [...document.querySelectorAll("#ranking .ranking a.rank-line")].filter((link) => !/—/.test(link.textContent));
    const { unit } = window.onemapLine.doors;
    if (to && unit) { window.onemapLine.go(unit.replaceAll("%7Bcode%7D", encodeURIComponent(to)), false); return; }
    if (lines.length) lines[lines.length - 1].click();
  }

  function spotlight(to) {
    const panels = PANELS.filter((id) => id === shell().dataset.spot || seen(byId(id)));
    const next = to === "off" ? "" : to || panels[panels.indexOf(shell().dataset.spot) + 1] || "";
    if (next && PANELS.includes(next)) shell().dataset.spot = next;
    else delete shell().dataset.spot;
    window.dispatchEvent(new Event("resize"));
  }

  function flavour(to) {
    const looks = [...document.querySelectorAll("#help .looks a")], now = looks.findIndex((each) => each.getAttribute("aria-current") === "true");
    const named = to && looks.find((each) => new URL(each.href).searchParams.get("flavour") === (to === "wall" ? null : to));
    const next = named || looks[(now + 1) % looks.length];
    if (next) next.click();
  }

  const guests = () => new URLSearchParams(location.search).get("guest") === "yes";

  /* Guest mode begins by a key and ends by an operator's word: who stands before the wall cannot take it away. */
  async function guest() {
    const ended = !guests() || await fetch("/data/guests", { method: "POST", headers: { "X-OneMap": "wall" } }).catch(() => ({ ok: false }));
    if (ended === true || ended.ok) { allowed = true; byId("guest").click(); return; }
    const told = ended.json ? await ended.json().catch(() => ({})) : {};
    window.onemapParts.give("line-problem", (document.documentElement.lang === "en" ? told.problem_en : told.problem) || window.onemapLine.doors.lost || "");
  }

  let allowed = false; // the next press on the switch is our own

  function pressed(event) {
    if (!event.target.closest || !event.target.closest("#guest") || !window.onemapRoom.isWall()) return;
    if (allowed || !guests()) { allowed = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    guest();
  }

  function help(on) {
    if (on === false || "help" in shell().dataset) delete shell().dataset.help;
    else shell().dataset.help = "";
  }

  const acts = {
    next: () => scenes().go(1), previous: () => scenes().go(-1), pause: () => scenes().pause(), resume: () => scenes().pause(false),
    scene: (to) => scenes().straight(to), freeze: (to) => scenes().freeze(to), drill, spotlight, flavour, help,
    back: () => { const up = byId("up"); if (up) up.click(); }, guest,
    full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
  };

  function obey({ detail }) {
    if (window.onemapRoom.isWall() && acts[detail.do]) acts[detail.do](detail.to);
  }

  const send = (what, to) => document.dispatchEvent(new CustomEvent("onemap:command", { detail: { do: what, to } }));

  function key(event) {
    if (!window.onemapRoom.isWall() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && ("help" in shell().dataset || shell().dataset.spot)) {
      event.stopImmediatePropagation(); // else the page goes up
      help(false);
      spotlight("off");
      return;
    }
    const what = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key] || (/^[1-9]$/.test(event.key) ? "scene" : "");
    const link = event.target.closest && event.target.closest("a");
    if (!what || (event.key === "Enter" && link)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(what, what === "scene" ? event.key : undefined);
  }

  document.addEventListener("onemap:command", obey);
  document.addEventListener("keydown", key, true);
  document.addEventListener("click", pressed, true);
})();
