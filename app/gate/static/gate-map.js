/* The map beside the steps: the same stage as on the other pages, with the rows of a report as dots.
 * A line of a table leads to its dot, a dot to its line. */
(function () {
  "use strict";
  const gate = window.onemapGate;
  const SOURCE = "arrival";
  const NEAR = 16;
  let stage = null;
  let every = { type: "FeatureCollection", features: [] };

  async function begin() {
    const props = await gate.send(`/data/ground.json?lang=${gate.lang()}`);
    const node = document.getElementById("ground");
    stage = new window.onemapStage.Stage(node, props, (said) => { if ("problem" in said) document.getElementById("map-says").textContent = said.problem || ""; });
    const wait = setInterval(() => {
      if (!stage.map) return;
      clearInterval(wait);
      stage.map.on("click", (event) => pressed(event.point));
      stage.map.on("mousemove", (event) => { stage.map.getCanvas().style.cursor = hit(event.point) ? "pointer" : ""; });
      stage.map.once("style.load", () => draw());
    }, 40);
  }

  const ready = () => stage && stage.map && stage.map.getSource(SOURCE);

  function draw(rule) {
    if (!ready()) return;
    const features = rule ? every.features.filter((each) => each.properties.id === rule) : every.features;
    stage.map.getSource(SOURCE).setData({ type: "FeatureCollection", features });
    document.getElementById("map").dataset.dots = String(features.length);
  }

  async function show(address) {
    every = { type: "FeatureCollection", features: [] };
    select(null);
    if (address) every = await gate.tried(() => gate.send(address)) || every;
    draw();
    if (every.features.length) fit();
    else home();
  }

  function fit() {
    const [xs, ys] = [0, 1].map((axis) => every.features.map((each) => each.geometry.coordinates[axis]).sort((a, b) => a - b));
    const cut = Math.floor(xs.length / 50); // one row at 0,0 must not show the whole world
    const [west, east, south, north] = [xs[cut], xs[xs.length - 1 - cut], ys[cut], ys[ys.length - 1 - cut]];
    move({ bounds: [west, south, east, north], maxZoom: 15 });
  }

  function home() { if (stage && stage.props.mapStyle && stage.home) move(stage.home); }

  function move(camera) {
    if (!stage) return;
    stage.home ||= stage.props.camera;
    update({ camera: { padding: 60, mode: "fly", ...camera, key: `${performance.now()}` } });
  }

  function update(told) {
    const before = stage.props;
    stage.update({ ...before, ...told }, before);
  }

  function select(place) { if (stage) update({ selected: place }); }

  function to(row) {
    document.querySelectorAll("tr.chosen").forEach((each) => each.classList.remove("chosen"));
    row.classList.add("chosen");
    const [lon, lat] = [Number(row.dataset.lon), Number(row.dataset.lat)];
    select({ theme: "", id: 0, lon, lat });
    move({ center: [lon, lat], zoom: Math.max(NEAR, stage && stage.map ? stage.map.getZoom() : 0) });
  }

  function hit(point) {
    if (!ready()) return null;
    const near = [[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]];
    return stage.map.queryRenderedFeatures(near, { layers: [SOURCE] })[0] || null;
  }

  function pressed(point) {
    const found = hit(point);
    if (!found) return;
    const [lon, lat] = found.geometry.coordinates;
    select({ theme: "", id: 0, lon, lat });
    const rows = [...document.querySelectorAll("tr.placed")];
    const row = rows.find((each) => Math.abs(each.dataset.lon - lon) < 2e-4 && Math.abs(each.dataset.lat - lat) < 2e-4);
    if (!row) return;
    row.closest("details").open = true;
    row.hidden = false;
    document.querySelectorAll("tr.chosen").forEach((each) => each.classList.remove("chosen"));
    row.classList.add("chosen");
    row.scrollIntoView({ block: "center" });
  }

  gate.listen((said) => {
    if ("dots" in said) show(said.dots);
    else if (said.row) to(said.row);
    else if ("rule" in said) draw(said.rule);
  });
  document.addEventListener("DOMContentLoaded", () => gate.tried(begin));
})();
