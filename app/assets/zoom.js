/* The zoom of the map as a class of the page, so that a legend can say what holds at it (".at-zoom.z12"). */
(function () {
  "use strict";
  const LAST = 14; // beyond it tiles are enlarged (geodata/kernel.py)
  const FIRST = 4;
  let map = null;

  function say() {
    const page = document.getElementById("shell");
    const zoom = Math.max(FIRST, Math.min(LAST, Math.floor(map.getZoom())));
    if (page.dataset.zoom !== String(zoom)) page.dataset.zoom = zoom;
  }

  document.addEventListener("onemap:drawn", () => {
    if (map === window.onemap.map) return;
    map = window.onemap.map;
    map.on("zoom", say);
    say();
  });
})();
