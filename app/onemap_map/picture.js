/* From a style and a picture to what the map wears; from a unit's geometry to its outside. No map, no page: only values. */
(function () {
  "use strict";
  const ROOT = document.currentScript.src.split(/_dash-component-suites|data\/static/)[0]; // of every address that the server gives
  const CAREFUL = { validate: Boolean(window.onemapCareful) }; // tests look at every style; a page's own need not be read twice
  const WORLD = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];

  /* Tile addresses must be absolute: the worker that fetches them has no base address. */
  function grounded(style, root) {
    const whole = (url) => (url.startsWith("/") ? root + url.slice(1) : url);
    const sources = Object.entries(style.sources).map(([id, source]) =>
      [id, source.tiles ? { ...source, tiles: source.tiles.map(whole) } : source]);
    return { ...style, sources: Object.fromEntries(sources) };
  }

  const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

  /* A layer as the picture wants it: the style's layer with visibility, filter, paint and layout put over it. */
  function dressed(layer, patch) {
    if (!patch) return layer;
    const layout = { ...layer.layout, ...patch.layout };
    if (patch.visibility) layout.visibility = patch.visibility;
    const worn = { ...layer, layout, paint: { ...layer.paint, ...patch.paint } };
    if ("filter" in patch) worn.filter = patch.filter;
    if (!worn.filter) delete worn.filter;
    return worn;
  }

  const pictured = (style, picture) =>
    ({ ...style, layers: style.layers.map((layer) => dressed(layer, picture && picture[layer.id])) });

  /* Give the map what a layer has now and had not before; how many things that are. */
  function alter(map, old, layer) {
    let n = 0;
    if (!same(old.filter, layer.filter)) { n += 1; map.setFilter(layer.id, layer.filter || null, CAREFUL); }
    for (const [kind, set] of [["paint", "setPaintProperty"], ["layout", "setLayoutProperty"]]) {
      for (const name of new Set([...Object.keys(old[kind] || {}), ...Object.keys(layer[kind] || {})])) {
        const [had, want] = [(old[kind] || {})[name], (layer[kind] || {})[name]];
        if (!same(had, want)) { n += 1; map[set](layer.id, name, want ?? null, CAREFUL); }
      }
    }
    return n;
  }

  /* The sources that are fetched from elsewhere in another style, where nothing but that has changed; else null. */
  function readdressed(style, other) {
    const plain = (source) => ({ ...source, tiles: Boolean(source.tiles) });
    const alike = ({ sources, ...rest }) => [rest, Object.entries(sources).map(([id, source]) => [id, plain(source)])];
    if (!same(alike(style), alike(other))) return null;
    return Object.keys(style.sources).filter((id) => !same(style.sources[id].tiles, other.sources[id].tiles));
  }

  /* The outside of a unit as one polygon with the unit cut out, and the unit's own border. */
  function outside(geometry) {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const lakes = parts.flatMap((rings) => rings.slice(1)).map((ring) => [ring]);
    const mask = { type: "MultiPolygon", coordinates: [[WORLD, ...parts.map((rings) => rings[0])], ...lakes] };
    const feature = (part, shape) => ({ type: "Feature", properties: { part }, geometry: shape });
    return { type: "FeatureCollection", features: [feature("mask", mask), feature("border", geometry)] };
  }

  window.onemapPicture = { ROOT, CAREFUL, same, grounded, pictured, outside, readdressed, alter };
})();
