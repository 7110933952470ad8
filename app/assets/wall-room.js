/* The room of a wall: how much its map is enlarged, and which of it stays free of names and legend. */
(function () {
  "use strict";
  const ENLARGED = 1.64 / 1080; // of a CSS pixel of the map for each pixel of the wall's height: its smallest name is a sixtieth of it
  const CHART = 1.42 / 1080;
  const shell = () => document.getElementById("shell");
  const isWall = () => Boolean(shell() && shell().classList.contains("wall"));

  function enlarge() {
    const page = document.documentElement.style;
    page.setProperty("--map-zoom", (ENLARGED * innerHeight).toFixed(3));
    page.setProperty("--chart-zoom", (CHART * innerHeight).toFixed(3));
  }

  /* Paddings of the map, in its own pixels, each of which keeps a unit clear of the trail and of the legend's corner: the
   * legend beside it or below it. The legend itself comes later than the map, and is not waited for. */
  function room(node) {
    if (!isWall()) return null;
    const u = innerHeight / 100 / (node.currentCSSZoom || 1);
    const [top, side] = [8 * u, 3 * u];
    if (innerWidth < innerHeight) return [{ top: 7 * u, bottom: 12.5 * u, left: 2 * u, right: 2 * u }];
    return [{ top, bottom: side, left: 31 * u, right: side }, { top, bottom: 22 * u, left: side, right: side }];
  }

  /* The padding that leaves a place largest: bounds as west, south, east, north. */
  function roomiest(node, bounds) {
    const choices = room(node);
    if (!choices) return null;
    const y = (lat) => Math.asinh(Math.tan(lat * Math.PI / 180)), x = (lon) => lon * Math.PI / 180;
    const [wide, high] = [x(bounds[2]) - x(bounds[0]), y(bounds[3]) - y(bounds[1])];
    const scale = (pad) => Math.min((node.clientWidth - pad.left - pad.right) / wide, (node.clientHeight - pad.top - pad.bottom) / high);
    return choices.reduce((best, each) => (scale(each) > scale(best) ? each : best));
  }

  /* Against burnt-in pixels: the picture moves by two pixels every five minutes, and comes back. */
  const SHIFTS = [[0, 0], [2, 0], [2, 2], [0, 2], [-2, 2], [-2, 0], [-2, -2], [0, -2]];
  const SHIFT_MS = 300000;
  let shift = 0;
  function drift() {
    if (!isWall()) return;
    const [x, y] = SHIFTS[(shift += 1) % SHIFTS.length];
    Object.assign(shell().style, { position: "relative", left: x + "px", top: y + "px" });
  }
  setInterval(drift, SHIFT_MS);

  window.onemapRoom = { roomiest, isWall, drift };
  window.addEventListener("resize", enlarge);
  enlarge();
})();
