/* What the server pushes: new data, rows that turned, words to walls. A line that breaks is made again, each time a little
 * later; meanwhile the page asks from time to time (walk.js), so that it is right also where nothing can be pushed. */
(function () {
  "use strict";
  const FIRST_MS = 1000, LONGEST_MS = 30000;
  const turned = (window.onemapTurned = {}); // theme -> Map of feature id -> state, laid over the tiles
  let wait = FIRST_MS;

  const heard = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  function turn({ theme, rows }) {
    const known = (turned[theme] ||= new Map());
    rows.forEach(([id, state]) => known.set(id, state));
    if (window.onemap && window.onemap.stage) window.onemap.stage.turn(theme, rows);
  }

  function open() {
    const line = new EventSource("/live");
    const on = (name, act) => line.addEventListener(name, (event) => act(JSON.parse(event.data)));
    line.addEventListener("open", () => { wait = FIRST_MS; });
    on("versions", (versions) => heard("onemap:versions", versions));
    on("status", turn);
    on("word", (word) => heard("onemap:word", word));
    line.addEventListener("error", () => {
      if (line.readyState !== EventSource.CLOSED) return; // the browser makes it again by itself
      setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(2 * wait, LONGEST_MS);
    });
    window.addEventListener("pagehide", () => line.close(), { once: true });
  }

  open();
})();
