/* The stage: one MapLibre map that draws what it is told. Public MapLibre API only.
 *
 * The page sends small facts (a picture, a camera, values by feature id); geometry comes as vector tiles.
 * Nothing that fails here may stop the next update: a tile error is said once and asked for again. */
(function () {
  "use strict";
  const { ROOT, CAREFUL, same, grounded, pictured, outside, readdressed, alter } = window.onemapPicture;
  const LIBRARY = ROOT + "vendor/5.24.0/maplibre-gl"; // the number is only there to make the address immutable
  const OURS = { ours: true }; // marks moves that the reader did not make
  const EASE_MS = 300; // long enough to be followed by the eye, short enough for a drill-down under a second
  const FLUENT_MS = 50; // frames further apart are not seen as a movement: such a machine goes there at once
  const RETRY_LEAPS = 25; // now and then it is asked again
  const RETRY_MS = 5000;
  const REST_MS = 1300; // a reader who has not acted for so long is looking
  const NOTHING = { type: "FeatureCollection", features: [] };
  let library = null;

  function load() {
    library ||= new Promise((done, fail) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: LIBRARY + ".css" });
      const script = Object.assign(document.createElement("script"), { src: LIBRARY + ".js" });
      script.onload = () => done(window.maplibregl);
      script.onerror = () => { library = null; script.remove(); fail(new Error("library")); };
      document.head.append(sheet, script);
    });
    return library;
  }

  /* A map without holes needs no canvas that shines through: mixing it with the page beneath is a third of what a frame
   * costs without a GPU. MapLibre asks for one whatever it is told, so it is told by the canvas. */
  function opaque(make) {
    const canvas = HTMLCanvasElement.prototype, { getContext } = canvas;
    canvas.getContext = function (kind, wants) { return getContext.call(this, kind, kind.startsWith("webgl") ? { ...wants, alpha: false } : wants); };
    try { return make(); } finally { canvas.getContext = getContext; }
  }

  class Stage {
    constructor(node, props, say) {
      Object.assign(this, { node, props, say, failed: new Set(), cameraKey: undefined, moved: false, frame: Number(sessionStorage.getItem("onemap.frame")), leaps: 0, waiting: null });
      this.counts = { idle: 0, styles: 0, patches: 0, states: 0, tileErrors: 0, restored: 0, drawn: [] };
      this.start().catch((error) => this.problem(error.message === "library" ? "library" : "webgl"))
        .finally(() => document.dispatchEvent(new Event("onemap:begun")));
    }

    async start() {
      const gl = await load();
      if (this.gone) return;
      this.style = this.props.mapStyle;
      const camera = this.props.camera || {};
      this.cameraKey = camera.key;
      this.worn = pictured(grounded(this.style, ROOT), this.props.picture);
      this.map = opaque(() => new gl.Map({
        container: this.node, style: this.worn, validateStyle: CAREFUL.validate, localIdeographFontFamily: false, // so that every script takes the style's own text-font and weight
        maxCanvasSize: [16384, 8192], // the default of 4096 blurs a wall
        pixelRatio: this.sharpness(),
        fadeDuration: 0, attributionControl: false, trackResize: false, renderWorldCopies: false,
        dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, doubleClickZoom: false, maxZoom: 19,
        ...(camera.bounds ? { bounds: camera.bounds, fitBoundsOptions: this.fitting(camera) } : {}),
        ...(camera.center ? { center: camera.center, zoom: camera.zoom } : {}),
      }));
      this.shades = window.onemapShades(this);
      this.frames = window.onemapFrames(this.map);
      this.begin();
      this.map.touchZoomRotate.disableRotation();
      this.listen();
      this.pointer = window.onemapPointer(this);
      window.onemap = { map: this.map, counts: this.counts, stage: this };
    }

    listen() {
      const map = this.map;
      const canvas = map.getCanvas();
      canvas.style.visibility = "hidden"; // black before its first frame
      map.once("style.load", () => map.once("painted", () => { canvas.style.visibility = ""; }));
      if (this.words().map) canvas.setAttribute("aria-label", this.words().map);
      window.onemapImages(map);
      map.on("style.load", () => this.dress());
      map.on("idle", () => this.idle());
      map.on("error", (event) => this.stumble(event));
      map.on("moveend", (event) => event.ours || this.sizing || this.wander());
      map.on("webglcontextlost", () => { this.lost = true; this.problem("lost"); });
      map.on("webglcontextrestored", () => { this.counts.restored += 1; this.begin(); map.once("style.load", () => this.found()); });
      this.watcher = new ResizeObserver(() => this.resize());
      this.watcher.observe(this.node);
    }

    /* The context is back, with the style of when it was lost; what was asked for meanwhile follows. */
    found() {
      this.lost = false;
      this.style = this.props.mapStyle;
      this.reclothe();
      this.move(this.props.camera);
    }

    words() { return this.props.words || {}; }

    /* A page with panels over its map says where there is room. */
    fitting(camera) {
      const room = window.onemapRoom && window.onemapRoom.roomiest(this.node, camera);
      return { padding: room || (camera.padding ?? 40), maxZoom: camera.maxZoom ?? 17.5, linear: true };
    }

    /* Everything that lives on the map and not in the style; needed again after a new style or a lost context. */
    dress() {
      this.shades.forget();
      this.flags = (this.style.metadata || {}).onemap || {};
      for (const [name, value] of Object.entries(this.flags.css || {})) this.node.style.setProperty(name, value);
      this.setOutline(this.props.outline);
      this.setSelected(this.props.selected);
      this.shades.set(this.props.featureState);
      for (const [theme, rows] of Object.entries(window.onemapTurned || {})) this.turn(theme, [...rows]);
    }

    /* Rows that have another state than their tiles say: only values go to the map. */
    turn(theme, rows) {
      const field = ((this.flags || {}).live || {})[theme];
      if (!field || this.lost || !this.map.getSource("themes")) return;
      this.begin();
      for (const layer of [theme + ".rows", theme + ".sights"]) {
        for (const [id, state] of rows) this.map.setFeatureState({ source: "themes", sourceLayer: layer, id }, { [field]: state });
      }
    }

    update(props, before) {
      this.props = props;
      if (!this.map || this.lost) return;
      const changed = (name) => props[name] !== before[name];
      const altered = this.counts.patches + this.counts.styles;
      if (changed("mapStyle") && !same(props.mapStyle, this.style)) this.restyle();
      else if (changed("picture")) this.repaint();
      if (changed("featureState")) this.shades.set(props.featureState, !["mapStyle", "picture", "outline", "camera"].some(changed));
      if (changed("outline")) this.setOutline(props.outline);
      if (changed("selected")) this.setSelected(props.selected);
      if (changed("camera")) this.move(props.camera, this.counts.patches + this.counts.styles > altered);
    }

    restyle() {
      const other = readdressed(this.style, this.props.mapStyle);
      this.style = this.props.mapStyle;
      if (!other) { this.reclothe(); return; }
      this.begin();
      this.counts.patches += 1;
      const { sources } = grounded(this.style, ROOT);
      other.forEach((id) => this.map.getSource(id).setTiles(sources[id].tiles));
      this.repaint();
    }

    reclothe() {
      this.begin();
      this.counts.styles += 1;
      this.worn = pictured(grounded(this.style, ROOT), this.props.picture);
      this.map.setStyle(this.worn, { diff: true, ...CAREFUL });
      try { this.dress(); } catch { /* the style was replaced whole: style.load dresses it */ }
    }

    repaint() {
      this.begin();
      const next = pictured(grounded(this.style, ROOT), this.props.picture);
      next.layers.forEach((layer, at) => { this.counts.patches += alter(this.map, this.worn.layers[at], layer); });
      this.worn = next;
      this.pointer.leave();
    }

    setOutline(outline) {
      const source = this.lost ? null : this.map.getSource("outline");
      if (!source) return;
      const asked = outline && outline.url;
      if (asked) {
        const mine = (this.asked = ROOT + outline.url.replace(/^\//, ""));
        fetch(mine).then((answer) => answer.json())
          .then((shape) => mine === this.asked && !this.gone && !this.lost && source.setData(outside(shape.geometry || shape)))
          .catch(() => this.problem("tiles"));
        return;
      }
      this.asked = null;
      const shape = outline && (outline.geojson || outline);
      source.setData(shape ? outside(shape.geometry || shape) : NOTHING);
    }

    setSelected(selected) {
      const source = this.map.getSource("selected");
      if (!source) return;
      const here = selected && Number.isFinite(selected.lon) && Number.isFinite(selected.lat);
      const point = (lon, lat, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } });
      const marks = ((selected && selected.marks) || []).map(([lon, lat, counted]) => point(lon, lat, { counted }));
      source.setData(here || marks.length ? { type: "FeatureCollection", features: [...marks, ...(here ? [point(selected.lon, selected.lat, {})] : [])] } : NOTHING);
    }

    move(camera, restyled) {
      if (!camera || camera.key === this.cameraKey) return;
      this.cameraKey = camera.key;
      this.moved = false;
      this.begin();
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      const fluent = (this.frame ? this.frame < FLUENT_MS : !this.frames.slow()) || (this.leaps = (this.leaps + 1) % RETRY_LEAPS) === 0;
      if (camera.mode !== "jump" && !still && fluent) this.fly(camera);
      else if (restyled) this.leap(camera);
      else this.go(camera, { animate: false });
    }

    go(camera, how) {
      if (camera.bounds) this.map.fitBounds(camera.bounds, { ...this.fitting(camera), ...how }, OURS);
      else if (camera.center) this.map.easeTo({ center: camera.center, zoom: camera.zoom, ...how }, OURS);
    }

    /* Shows the way, and learns whether this machine shows it fast enough to be seen as a movement. */
    fly(camera) {
      const began = performance.now();
      let frames = 0;
      const count = () => { frames += 1; };
      this.map.on("painted", count);
      this.map.once("moveend", () => {
        this.map.off("painted", count);
        this.frame = (performance.now() - began) / Math.max(frames, 1);
        try { sessionStorage.setItem("onemap.frame", this.frame); } catch { /* its storage is full: measured again when the page is opened anew */ }
      });
      this.go(camera, { duration: camera.duration ?? EASE_MS });
    }

    /* Between two looks at the style, in one frame: gone earlier, what the new picture hides would still be fetched for
     * the new place; gone later, what it shows would be fetched for the old one. */
    leap(camera) {
      const first = !this.waiting;
      this.waiting = camera;
      if (first) this.map.once("styledata", () => { const to = this.waiting; this.waiting = null; this.go(to, { animate: false }); });
    }

    /* Canvas pixels for one CSS pixel: a wall may enlarge its map by CSS zoom, and must stay sharp. */
    sharpness() { return window.devicePixelRatio * (this.node.currentCSSZoom || 1); }

    resize() {
      if (this.gone || !this.node.clientWidth) return;
      this.sizing = true; // a new pixel ratio is no move of the reader's
      if (this.map.getPixelRatio() !== this.sharpness()) this.map.setPixelRatio(this.sharpness());
      this.map.resize(OURS);
      this.sizing = false;
      const camera = this.props.camera;
      if (camera && camera.bounds && !this.moved) {
        this.map.fitBounds(camera.bounds, { ...this.fitting(camera), animate: false }, OURS);
      }
      if (this.ready) this.frames.now(); // at once: a canvas of another size is black until it is drawn on
    }

    wander() {
      this.moved = true;
      clearTimeout(this.soon);
      this.soon = setTimeout(() => {
        const { lng, lat } = this.map.getCenter();
        const round = (value, digits) => Number(value.toFixed(digits));
        this.say({ viewport: { lon: round(lng, 5), lat: round(lat, 5), zoom: round(this.map.getZoom(), 2) } });
      }, 250);
    }

    begin() {
      this.began ??= performance.now();
      clearTimeout(this.rest);
      this.frames.free();
    }

    warm() {
      if (this.lost || this.gone) return;
      this.warmed = true;
      window.onemapWarm(this.map);
    }

    idle() {
      this.counts.idle += 1;
      if (this.said && !this.failed.size) this.problem(null);
      if (!this.ready) { this.ready = true; this.say({ ready: true }); }
      if (this.began === undefined) return;
      if (!this.warmed) this.rest = setTimeout(() => this.warm(), REST_MS);
      const ms = Math.round(performance.now() - this.began);
      this.began = undefined;
      this.counts.drawn.push(ms);
      if (this.counts.drawn.length > 1000) this.counts.drawn.shift(); // a wall runs for months
      this.node.dispatchEvent(new CustomEvent("onemap:drawn", { detail: ms, bubbles: true }));
      this.say({ drawn: { ms, at: Date.now() } });
    }

    stumble(event) {
      if (event.error && event.error.name === "AbortError") return;
      if (!event.sourceId) { console.warn("onemap:", event.error && event.error.message); return; }
      this.counts.tileErrors += 1;
      this.failed.add(event.sourceId);
      this.problem("tiles");
      this.later ??= setTimeout(() => this.again(), RETRY_MS);
    }

    again() {
      this.later = undefined;
      const failed = [...this.failed];
      this.failed.clear();
      if (this.gone || this.lost) return;
      failed.filter((id) => this.map.getSource(id)).forEach((id) => this.map.refreshTiles(id));
      this.map.triggerRepaint(); // a source that was hidden meanwhile asks nothing, and would never come to rest
    }

    problem(word) {
      if (word === this.said) return;
      this.said = word;
      this.say({ problem: word ? this.words()[word] || word : null });
    }

    stop() {
      this.gone = true;
      clearTimeout(this.soon);
      clearTimeout(this.later);
      clearTimeout(this.rest);
      if (this.watcher) this.watcher.disconnect();
      if (this.pointer) this.pointer.stop();
      if (this.map) this.map.remove();
      if (window.onemap && window.onemap.stage === this) delete window.onemap;
    }
  }

  load().then((gl) => gl.prewarm(), () => {}); // while Dash is still being read
  window.onemapStage = { load, Stage };
})();
