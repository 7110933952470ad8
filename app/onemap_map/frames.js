/* Frames where they are worth it.
 *
 * MapLibre draws a frame for every tile that arrives, and one at once for every change, before anything new is there to be
 * seen. Without a GPU a frame takes a quarter of a second of the processors that are also to read the tiles: the picture is
 * complete sooner when it is not drawn a dozen times on the way. What was on the screen stays there meanwhile. A machine
 * that draws fast is left alone, and so is a map in movement.
 *
 * The hand on the mouse is another such cause: MapLibre asks for a frame with each of its movements and presses, to see whether
 * it drags the map. Where it does not, and nothing else has changed, the picture is the one that is there already.
 *
 * The map goes on with its work in a frame that is not painted: it asks for tiles, and places its labels. Only the painting is
 * left out (map.painter, map.handlers, map._render and map.style.placement are not part of MapLibre's documented API; without
 * them every frame is painted). */
(function () {
  "use strict";
  const SLOW_MS = 130; // from a frame to the third one after it, browsers draw two ahead; 50 where the screen is followed
  const PATIENCE_MS = 800; // a reader sees something new at least this often
  const REMEMBERED = 3;

  const after = (frames, then) => { if (frames) requestAnimationFrame(() => after(frames - 1, then)); else then(); };

  /* free: the map is about to be told something. now: painted before anything else is done, and not when the browser gets to it.
   * slow: whether frames are known to be dear. Each frame that is painted is an event "painted" of the map. */
  function frames(map) {
    const trigger = map.triggerRepaint.bind(map);
    const costs = []; // of the last frames
    let last = 0; // when a frame was painted
    let changed = 0; // when the map was last told something
    let due = null;
    let must = false;
    let freed = true; // the next frame passes, so that the map begins its work
    let fresh = true; // whether something has changed since the picture was last complete
    let within = 0; // a frame is being made, or a hand asks for one: neither is a change

    const usual = () => [...costs].sort((a, b) => a - b)[Math.floor(costs.length / 2)]; // one may be too short, or held up by the page
    const slow = () => costs.length > 0 && usual() >= SLOW_MS;
    const fast = () => costs.length > 0 && !slow();
    const patience = () => Math.max(last, changed) + PATIENCE_MS - performance.now();
    const unsettled = () => !map.areTilesLoaded() || Boolean(((map.style || {}).placement || {}).stale); // stale: it is drawn once more
    const same = () => !fresh && !must && last > 0 && !fast() && !map.isMoving();
    const useless = () => !must && last > 0 && !fast() && patience() > 0 && !map.isMoving() && unsettled();

    function soon() { due ??= setTimeout(() => { due = null; now(); }, Math.max(patience(), 0)); }

    function painted() {
      clearTimeout(due);
      due = null;
      last = performance.now();
      const began = last;
      after(3, () => {
        costs.push(performance.now() - began);
        if (costs.length > REMEMBERED) costs.shift();
      });
      map.fire("painted");
    }

    /* After a lost context the map has another painter. */
    function watch() {
      const { painter } = map;
      if (!painter || !painter.render) { map.on("render", painted); return; }
      const paint = painter.render.bind(painter);
      painter.render = (...said) => {
        freed = false;
        if (same()) return;
        if (useless()) { soon(); return; }
        paint(...said);
        painted();
      };
    }

    function inside(owner, name) {
      const act = owner && owner[name];
      if (!act) return;
      owner[name] = (...said) => {
        within += 1;
        try { return act.apply(owner, said); } finally { within -= 1; }
      };
    }

    map.triggerRepaint = () => {
      if (!within) fresh = true;
      if (freed || fast() || patience() <= 0 || map.isMoving() || map.areTilesLoaded()) trigger();
      else soon();
    };

    function free() {
      freed = fresh = true;
      changed = performance.now();
    }

    function now() {
      must = true;
      map.redraw();
      must = false;
    }

    map.on("webglcontextrestored", () => { last = 0; fresh = true; watch(); });
    for (const change of ["move", "resize", "data"]) map.on(change, () => { fresh = true; });
    map.on("idle", () => { fresh = false; });
    inside(map, "_render");
    inside(map.handlers, "_requestFrame");
    watch();
    return { free, now, slow };
  }

  window.onemapFrames = frames;
})();
