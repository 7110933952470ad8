/* Names on the map stay off the seams: boxes along each seam, in which MapLibre places no name (app/clearance.py).
 *
 * The boxes follow the map: they are laid anew where it has come to rest. */
(function () {
  "use strict";
  const LEAST = 4; // pixels of the map: half a box of a thin seam
  const APART = 1; // half of what lies between two boxes, so that none takes the other's place
  const EMPTY = { type: "FeatureCollection", features: [] };
  let map = null, laid = "";

  /* Middles of the boxes of one seam, in pixels of the map. */
  const boxes = (at, half, length, upright) =>
    Array.from({ length: Math.ceil(length / 2 / (half + APART)) }, (_, n) => (upright ? [at, (2 * n + 1) * (half + APART)] : [(2 * n + 1) * (half + APART), at]));

  /* Every box as a point of the map, with the half of its side. */
  function seams(node) {
    const zoom = node.currentCSSZoom || 1, room = node.getBoundingClientRect(), { across, along, wide } = window.onemapBezel.seams();
    const half = Math.max(LEAST, wide / 2 / zoom), [width, height] = [room.width / zoom, room.height / zoom];
    const found = [...across.flatMap((x) => boxes((x - room.left) / zoom, half, height, true)),
      ...along.flatMap((y) => boxes((y - room.top) / zoom, half, width, false))]
      .filter(([x, y]) => x >= -half && y >= -half && x <= width + half && y <= height + half);
    return found.map((at) => ({ type: "Feature", properties: { pad: half }, geometry: { type: "Point", coordinates: map.unproject(at).toArray() } }));
  }

  function lay() {
    const source = map.style && map.getSource("seams"); // a lost context has taken the style along
    if (!source) return;
    const features = seams(map.getContainer());
    const wanted = JSON.stringify(features), held = (source.serialize().data.features || []).length;
    if (wanted === laid && held === features.length) return;
    laid = wanted;
    source.setData(features.length ? { type: "FeatureCollection", features } : EMPTY);
  }

  function follow() {
    const now = window.onemap && window.onemap.map;
    if (!now || !window.onemapRoom.isWall()) return;
    if (now !== map) { map = now; laid = ""; map.on("moveend", lay); map.on("idle", lay); }
    lay();
  }

  document.addEventListener("onemap:begun", follow);
  document.addEventListener("onemap:laid", follow);
  window.addEventListener("resize", () => map && setTimeout(lay, 0));
})();
