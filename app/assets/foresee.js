/* What a view needs that will be asked for in a moment, fetched while the one before it is still shown: its answer (ask.js keeps it), its border and
 * its tiles, which the browser then has. A wall knows its next scene; at a desk the hand rests on a unit or a link before its finger presses. */
(function () {
  "use strict";
  const MOST = 60; // tiles of a view
  const TILE = 512;
  const HAND_MS = 120; // a hand that has not gone on for so long is about to press; on its way it crosses a dozen units
  let hand = 0; // until the hand has rested
  let moved = false; // since it last pressed: what comes under a hand that lies still was not gone to
  const had = { style: null, picture: null }; // the newest of each that was foreseen: an answer leaves out what has not changed

  const warm = (url) => fetch(url, { priority: "low" }).then((reply) => reply.arrayBuffer()).catch(() => {});
  const x = (lon) => lon / 360 + 0.5;
  const y = (lat) => 0.5 - Math.asinh(Math.tan(lat * Math.PI / 180)) / (2 * Math.PI);

  /* Sources of the layers that are drawn at a zoom. */
  function sources(style, picture, zoom) {
    const shown = (layer) => ((picture[layer.id] || {}).visibility ?? (layer.layout || {}).visibility) !== "none"
      && zoom >= (layer.minzoom || 0) && zoom < (layer.maxzoom || 24);
    const names = new Set(style.layers.filter((layer) => layer.source && shown(layer)).map((layer) => layer.source));
    return [...names].map((name) => style.sources[name]).filter((source) => source && source.type === "vector");
  }

  /* Addresses of the tiles of a source that a camera sees on a map of a size. */
  function tiles(source, { center, zoom }, wide, high) {
    const z = Math.min(Math.max(Math.floor(zoom), source.minzoom || 0), source.maxzoom ?? 22), side = TILE * 2 ** zoom, n = 2 ** z;
    const spread = (middle, length) => [middle - length / 2 / side, middle + length / 2 / side].map((at) => Math.min(Math.max(Math.floor(at * n), 0), n - 1));
    const [west, east] = spread(x(center.lng), wide), [north, south] = spread(y(center.lat), high), found = [];
    for (let column = west; column <= east; column += 1)
      for (let row = north; row <= south; row += 1) found.push(source.tiles[0].replace("{z}", z).replace("{x}", column).replace("{y}", row));
    return found;
  }

  function camera(stage, said) {
    if (said.center) return { center: { lng: said.center[0], lat: said.center[1] }, zoom: said.zoom };
    return said.bounds && stage.map.cameraForBounds(said.bounds, stage.fitting(said));
  }

  async function foresee(url, fly) {
    const said = await window.onemapLine.foresee(url, fly), { stage } = window.onemap || {};
    if (!said || !said.parts || !stage || !stage.ready || stage.lost) return;
    had.style = said.parts["map.mapStyle"] || had.style || stage.props.mapStyle;
    had.picture = said.parts["map.picture"] || had.picture || stage.props.picture;
    const { "map.camera": there, "map.outline": outline } = said.parts, at = there && camera(stage, there);
    if (outline && outline.url) warm(outline.url);
    if (!at) return;
    const { clientWidth, clientHeight } = stage.node;
    sources(had.style, had.picture, at.zoom).flatMap((each) => tiles(each, at, clientWidth, clientHeight)).slice(0, MOST).forEach(warm);
  }

  /* Nothing is asked while the page still waits for what was pressed before. */
  function rest(url, fly) {
    clearTimeout(hand);
    const { stage } = window.onemap || {};
    if (url) hand = setTimeout(() => { if (moved && stage && stage.began === undefined) foresee(window.onemapLine.leading(url, fly), fly); }, HAND_MS);
  }

  function over({ target, pointerType }) {
    const link = pointerType === "mouse" && target.closest && target.closest("a[data-go]");
    if (link) rest(link.getAttribute("href"), link.dataset.go === "fly");
    else if (!target.closest || !target.closest("canvas")) rest(null); // the map says by itself what lies under the hand
  }

  document.addEventListener("pointermove", () => { moved = true; }, true);
  document.addEventListener("pointerdown", () => { moved = false; rest(null); }, true);
  document.addEventListener("pointerover", over);
  document.addEventListener("onemap:over", ({ detail }) => rest(window.onemapLine.pressed(detail), false));
  window.onemapForesee = foresee;
})();
