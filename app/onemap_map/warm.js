/* Shader programs made before they are needed.
 *
 * MapLibre compiles a program when a layer of its kind is drawn for the first time, and waits for it: the first click
 * that brings dots, sights or parcels would stand still for a third of a second on a machine without a GPU, mostly
 * waiting for what was drawn before. So every kind that the first picture does not show is drawn with it, as a speck
 * under the opaque ground, where nobody sees it. */
(function () {
  "use strict";
  const SOURCE = "onemap:warm";
  const SPECK = 2; // pixels: less, and the tile's grid swallows it

  const driven = (value) => JSON.stringify(value).includes('"get"') || JSON.stringify(value).includes('"feature-state"');

  /* Layers alike in this share a program: MapLibre makes one for each kind and each set of properties driven by data. */
  const kindOf = (layer) => layer.type + Object.entries(layer.paint || {}).map(([name, value]) => name + driven(value)).sort()
    + Boolean((layer.layout || {})["text-field"]);

  function specks(at, zoom) {
    const [x, y] = at;
    const side = (SPECK * 360) / (512 * 2 ** zoom); // degrees
    const feature = (type, coordinates) => ({ type: "Feature", id: 1, properties: { n: 2, name: "一" }, geometry: { type, coordinates } });
    return { type: "FeatureCollection", features: [
      feature("Point", at), feature("LineString", [at, [x + side, y]]),
      feature("Polygon", [[at, [x + side, y], [x, y + side], at]])] };
  }

  function stand(layer) {
    const { "source-layer": _, filter, metadata, minzoom, maxzoom, ...kept } = layer;
    return { ...kept, id: SOURCE + layer.id, source: SOURCE, layout: { ...layer.layout, visibility: "visible" } };
  }

  const shown = (layer, zoom) => (layer.layout || {}).visibility !== "none" && zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 24);

  /* To be called when the style is there; what was added goes when the first picture stands. */
  function warm(map) {
    const [ground, ...layers] = map.getStyle().layers;
    const zoom = map.getZoom();
    const known = new Set(layers.filter((layer) => shown(layer, zoom)).map(kindOf));
    const cold = layers.filter((layer) => layer.type !== "heatmap" && !known.has(kindOf(layer)) && known.add(kindOf(layer)));
    if (!cold.length || map.getSource(SOURCE)) return;
    map.addSource(SOURCE, { type: "geojson", tolerance: 0, data: specks(map.getCenter().toArray(), zoom) });
    const stands = cold.map(stand);
    stands.forEach((layer) => map.addLayer(layer, ground.id));
    map.once("idle", () => {
      stands.filter((layer) => map.getLayer(layer.id)).forEach((layer) => map.removeLayer(layer.id));
      if (map.getSource(SOURCE)) map.removeSource(SOURCE);
    });
  }

  window.onemapWarm = warm;
})();
