/* What the pointer does on the map: hover outline, tooltip, cursor, click.
 *
 * The hover outline is one SVG path over the canvas. As feature-state on a line layer each move would send the tile's
 * whole paint buffer to the GPU again: 66 s instead of 2 s for 40 moves over 30,000 polygons. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const RANK = { row: 0, cluster: 1, unit: 2 };
  const REACH = 5; // pixels around the pointer in which a point still counts as hit
  const NEAREST = { circle: 0, symbol: 0, line: 1, fill: 2 };

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (parent) parent.append(made);
    return made;
  }

  function Pointer(stage) {
    const { map, node } = stage;
    const box = map.getCanvasContainer();
    const tip = Object.assign(document.createElement("div"), { className: "onemap-tip", hidden: true });
    const sheet = element("svg", { class: "onemap-hover", "aria-hidden": "true" }, box);
    const mask = element("mask", { id: "onemap-inside", maskUnits: "userSpaceOnUse", x: "-10%", y: "-10%", width: "120%", height: "120%" }, sheet);
    element("rect", { x: "-10%", y: "-10%", width: "120%", height: "120%", fill: "white" }, mask);
    const hole = element("path", { fill: "black" }, mask);
    const shade = element("path", { class: "shade" }, sheet);
    const line = element("path", { class: "line" }, sheet);
    node.append(tip);
    let over = null;
    let frame = 0;
    let last = null; // the feature under the last point that was looked at, until the picture changes

    const kinds = () => {
      const live = stage.worn.layers.filter((layer) => (layer.metadata || {}).kind && (layer.layout || {}).visibility !== "none");
      return new Map(live.map((layer) => [layer.id, layer.metadata]));
    };

    /* The feature under a point: rows before clusters before units, and points before lines before areas. */
    function hit(point) {
      if (!last || last.x !== point.x || last.y !== point.y) last = { x: point.x, y: point.y, found: search(point) };
      return last.found;
    }

    function search(point) {
      if (!stage.map.getStyle()) return null;
      const known = kinds();
      const near = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
      const areas = new Set(stage.worn.layers.filter((layer) => layer.type === "fill").map((layer) => layer.id));
      const ask = (where, keep) => map.queryRenderedFeatures(where, { layers: [...known.keys()].filter(keep) });
      const found = [...ask(near, (id) => !areas.has(id)), ...ask(point, (id) => areas.has(id))]
        .map((feature) => ({ feature, about: known.get(feature.layer.id) }))
        .filter(({ feature, about }) => about.kind !== "row" || feature.properties.key !== undefined); // far lines are a picture
      const distance = ({ feature }) => {
        if (feature.geometry.type !== "Point") return 0;
        const at = map.project(feature.geometry.coordinates);
        return Math.hypot(at.x - point.x, at.y - point.y);
      };
      const order = (one) => RANK[one.about.kind] * 10 + NEAREST[one.feature.layer.type];
      return found.sort((a, b) => order(a) - order(b) || distance(a) - distance(b))[0] || null;
    }

    const pathOf = (lines, close) => lines.map((ring) => {
      const dots = ring.map((place) => { const at = map.project(place); return at.x.toFixed(1) + " " + at.y.toFixed(1); });
      return "M" + dots.join("L") + (close ? "Z" : "");
    }).join("");

    /* A unit may lie in several tiles: its pieces overlap by the tiles' margin, so together they have no seams. */
    function outline({ feature }) {
      const type = feature.geometry.type;
      if (type === "Point") return marked(feature.geometry.coordinates);
      const pieces = map.querySourceFeatures(feature.source, { sourceLayer: feature.sourceLayer, filter: ["==", ["id"], feature.id] });
      const shapes = (pieces.length ? pieces : [feature]).map((piece) => piece.geometry);
      const close = type.endsWith("Polygon");
      const rings = shapes.flatMap((shape) => ({
        Polygon: () => shape.coordinates, MultiPolygon: () => shape.coordinates.flat(),
        LineString: () => [shape.coordinates], MultiLineString: () => shape.coordinates,
      }[shape.type] || (() => []))());
      draw(pathOf(rings, close), close);
    }

    function marked(place) {
      const at = map.project(place);
      draw(`M${at.x - 11} ${at.y}a11 11 0 1 0 22 0a11 11 0 1 0 -22 0Z`, false);
    }

    function draw(path, filled) {
      hole.setAttribute("d", filled ? path : "");
      shade.setAttribute("d", filled ? path : "");
      line.setAttribute("d", path);
      if (filled) line.setAttribute("mask", "url(#onemap-inside)");
      else line.removeAttribute("mask");
    }

    function leave() {
      if (over) told(null);
      over = null;
      draw("", false);
      tip.hidden = true;
      map.getCanvas().style.cursor = "";
    }

    function look(point) {
      frame = 0;
      if (stage.gone || map.isMoving()) return;
      const now = hit(point);
      const name = now && now.feature.layer.id + "/" + (now.feature.id ?? JSON.stringify(now.feature.properties));
      if (!now) return leave();
      if (name !== over) {
        over = name;
        map.getCanvas().style.cursor = "pointer";
        outline(now);
        say(now);
        told(now);
      }
      place(point);
    }

    /* Text only, never markup: names come from files. */
    function say({ feature }) {
      const fields = (stage.props.tooltip || {})[feature.layer.id] || [{ property: "name" }];
      const values = { ...feature.properties, ...stage.shades.of(feature) };
      const lines = fields.map((field) => {
        const value = values[field.property];
        if (value === undefined || value === null || value === "") return null;
        const words = (field.words || {})[value] ?? value;
        return field.title ? [field.title, words] : [null, words];
      }).filter(Boolean);
      tip.replaceChildren(...lines.map(([title, words]) => {
        const row = document.createElement("div");
        if (title) row.append(Object.assign(document.createElement("span"), { textContent: title }));
        row.append(Object.assign(document.createElement(title ? "b" : "strong"), { textContent: words }));
        return row;
      }));
      tip.hidden = !lines.length;
    }

    function place(point) {
      const [width, height] = [node.clientWidth, node.clientHeight];
      const x = point.x + 16 + tip.offsetWidth > width ? point.x - tip.offsetWidth - 12 : point.x + 16;
      const y = point.y + 18 + tip.offsetHeight > height ? point.y - tip.offsetHeight - 10 : point.y + 18;
      tip.style.transform = `translate(${Math.max(0, x)}px, ${Math.max(0, y)}px)`;
    }

    function click(event) {
      const now = hit(event.point);
      const at = Date.now();
      const { lng: lon, lat } = event.lngLat;
      if (!now) return press({ kind: "blank", theme: null, code: null, key: null, id: null, lon, lat, at });
      const { feature, about } = now;
      const spot = feature.geometry.type === "Point" ? feature.geometry.coordinates : [lon, lat];
      if (about.kind === "cluster") return closer(spot, about);
      const { code = null, key = null } = feature.properties;
      press({ kind: about.kind, theme: about.theme || null, code, key, id: feature.id ?? null, lon: spot[0], lat: spot[1], at });
    }

    /* What lies under the hand, for scripts. */
    function told(now) {
      const { about = {}, feature } = now || {}, { code = null, key = null } = feature ? feature.properties : {};
      node.dispatchEvent(new CustomEvent("onemap:over", { detail: { kind: about.kind || null, theme: about.theme || null, code, key }, bubbles: true }));
    }

    /* An event for scripts, at once; a property for callbacks, when Dash gets to it. */
    function press(click) {
      node.dispatchEvent(new CustomEvent("onemap:click", { detail: click, bubbles: true }));
      setTimeout(() => stage.say({ click }));
    }

    function closer(spot, about) {
      const zoom = Math.min(Math.max(map.getZoom() + 2, 8), Math.max(about.rowsFrom + 0.5, map.getZoom() + 1));
      map.easeTo({ center: spot, zoom, duration: 400 });
    }

    /* Esc goes up like a click on the blank; stopped here so that the page does not hear it twice. */
    function key(event) {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      press({ kind: "blank", theme: null, code: null, key: null, id: null, lon: null, lat: null, at: Date.now() });
    }

    map.on("mousemove", (event) => { if (!frame) frame = requestAnimationFrame(() => look(event.point)); });
    map.on("render", () => { last = null; });
    map.on("mouseout", leave);
    map.on("movestart", leave);
    map.on("click", click);
    map.getCanvas().addEventListener("keydown", key);
    return { leave, hit, stop() { cancelAnimationFrame(frame); tip.remove(); sheet.remove(); } };
  }

  window.onemapPointer = Pointer;
})();
