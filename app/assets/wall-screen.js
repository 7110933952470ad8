/* The screen of a wall: how much its map and charts are enlarged, and how its picture moves against burnt-in pixels. */
(function () {
  "use strict";
  const ENLARGED = 1.64 / 1080; // of a CSS pixel of the map for each pixel of the wall's height: its smallest name is a sixtieth of it
  const CHART = 1.42 / 1080;

  function enlarge() {
    const page = document.documentElement.style;
    page.setProperty("--map-zoom", (ENLARGED * innerHeight).toFixed(3));
    page.setProperty("--chart-zoom", (CHART * innerHeight).toFixed(3));
  }

  /* Against burnt-in pixels: the picture moves by two pixels every five minutes, and comes back. */
  const SHIFTS = [[0, 0], [2, 0], [2, 2], [0, 2], [-2, 2], [-2, 0], [-2, -2], [0, -2]];
  const SHIFT_MS = 300000;
  let shift = 0;
  function drift() {
    if (!window.onemapRoom.isWall()) return;
    const [x, y] = SHIFTS[(shift += 1) % SHIFTS.length];
    Object.assign(document.getElementById("shell").style, { position: "relative", left: x + "px", top: y + "px" });
  }
  setInterval(drift, SHIFT_MS);

  window.onemapScreen = { drift };
  window.addEventListener("resize", enlarge);
  enlarge();
})();
