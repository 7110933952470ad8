/* The colours of units: values by feature id, given to the map as states of its features. */
(function () {
  "use strict";
  const MOST_KEPT = 12; // colours by address: each is one indicator of thousands of units
  const EMPTY = { v: null, c: null, t: null };
  const { ROOT } = window.onemapPicture;

  class Shades {
    constructor(stage) { Object.assign(this, { stage, map: stage.map, kept: new Map() }); this.forget(); }

    /* The map has a new style: none of its features has a state. */
    forget() { this.worn = null; this.stage.known = {}; }

    /* Values, or the address where they are. What was set before and is not named now is emptied, in the same frame.
     * alone: nothing else changes on the map, which then has its new colours at once. */
    set(state, alone) {
      this.asked = state && state.url;
      if (!this.asked) this.wear(state, alone);
      else if (this.kept.has(this.asked)) this.wear(this.kept.get(this.asked), alone);
      else this.fetch(this.asked, alone);
    }

    async fetch(url, alone) {
      try {
        const reply = await fetch(ROOT + url.replace(/^\//, ""));
        if (!reply.ok) throw new Error(reply.status);
        this.kept.set(url, await reply.json());
        if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
        if (url === this.asked && !this.stage.gone) this.wear(this.kept.get(url), alone);
      } catch { this.stage.problem("tiles"); }
    }

    wear(state, alone) {
      if (!state || state === this.worn || !this.map.getSource(state.source)) return;
      this.stage.begin();
      const values = state.values || {};
      const { source, sourceLayer } = state;
      const known = this.stage.known;
      const name = source + "/" + sourceLayer;
      if (state.replace !== false) this.empty(name, values);
      for (const id in values) { this.map.setFeatureState({ source, sourceLayer, id }, values[id]); this.stage.counts.states += 1; }
      known[name] = { ...known[name], ...values };
      this.worn = state;
      if (alone && this.map.areTilesLoaded()) this.stage.frames.now();
    }

    empty(kept, values) {
      const known = this.stage.known;
      for (const name of Object.keys(known)) {
        const [source, sourceLayer] = name.split("/");
        if (!this.map.getSource(source)) continue;
        for (const id in known[name]) {
          if (name !== kept || !(id in values)) this.map.setFeatureState({ source, sourceLayer, id }, EMPTY);
        }
        delete known[name];
      }
    }

    of(feature) { return (this.stage.known[feature.source + "/" + feature.sourceLayer] || {})[feature.id] || {}; }
  }

  window.onemapShades = (stage) => new Shades(stage);
})();
