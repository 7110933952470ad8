/* Frames where they are worth it.
 *
 * MapLibre draws a frame for every tile that arrives. Without a GPU a frame takes a sixth of a second of the processor
 * that is also to read the tiles: the picture is complete sooner when it is not drawn a dozen times on the way. A machine
 * that draws fast is left alone, and so is a map in movement. */
(function () {
  "use strict";
  const SLOW_MS = 40; // a frame that holds up the page for longer
  const PATIENCE_MS = 500; // a reader sees something new at least this often

  /* free: the next frame passes; what is changed on purpose is drawn at once. now: drawn before anything else is done, and
   * not when the browser gets to it. slow: whether the dearest frame was. */
  function frames(map) {
    const paint = map.triggerRepaint.bind(map);
    let began = 0; // of the frame that is being drawn
    let cost = 0; // of the last frame
    let worst = 0;
    let last = 0;
    let due = null;
    let free = true;

    function draw() {
      clearTimeout(due);
      due = null;
      requestAnimationFrame(() => { began = performance.now(); });
      paint();
    }

    map.on("render", () => {
      last = performance.now();
      if (began) cost = last - began;
      worst = Math.max(worst, cost);
      began = 0;
      free = false;
    });
    map.triggerRepaint = () => {
      const wait = last + PATIENCE_MS - performance.now();
      if (free || cost < SLOW_MS || wait <= 0 || map.isMoving() || map.areTilesLoaded()) draw();
      else due ??= setTimeout(draw, wait);
    };
    function now() {
      clearTimeout(due);
      due = null;
      map.redraw();
    }

    return { free() { free = true; }, now, slow: () => worst >= SLOW_MS };
  }

  window.onemapFrames = frames;
})();
