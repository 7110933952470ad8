/* Shader programs made before they are needed.
 *
 * MapLibre compiles a program when a layer of its kind is drawn for the first time, and waits for it, and so for all that
 * was drawn before: without a GPU the first click that brings dots or sights would stand still for half a second. So when
 * the first picture has come to rest, every kind of layer that it did not show is drawn once, as a speck under the opaque
 * ground, where nobody sees it. Before the first picture it would only be later. */
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

  /* To be called when the map rests. The specks go as soon as they were drawn. */
  function warm(map) {
    const [ground, ...layers] = map.getStyle().layers;
    const hidden = (layer) => (layer.layout || {}).visibility === "none" || map.getZoom() < (layer.minzoom || 0);
    const known = new Set(layers.filter((layer) => !hidden(layer)).map(kindOf));
    const kinds = layers.filter((layer) => layer.type !== "heatmap" && !known.has(kindOf(layer)) && known.add(kindOf(layer)));
    map.addSource(SOURCE, { type: "geojson", tolerance: 0, data: specks(map.getCenter().toArray(), map.getZoom()) });
    const stands = kinds.map(stand);
    stands.forEach((layer) => map.addLayer(layer, ground.id));
    const away = () => {
      if (map.getSource(SOURCE) && !map.isSourceLoaded(SOURCE)) return;
      map.off("painted", away);
      stands.filter((layer) => map.getLayer(layer.id)).forEach((layer) => map.removeLayer(layer.id));
      if (map.getSource(SOURCE)) map.removeSource(SOURCE);
    };
    map.on("painted", away);
  }

  window.onemapWarm = warm;
})();
