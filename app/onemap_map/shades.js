/* The colours of units: values by feature id, given to the map as states of its features. */
(function () {
  "use strict";
  const MOST_KEPT = 12; // colours by address: each is one indicator of thousands of units
  const NONE = { c: null };
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
      else this.bring(this.asked, alone);
    }

    async bring(url, alone) {
      try {
        const state = await this.values(url);
        if (url === this.asked && !this.stage.gone) this.wear(state, alone);
      } catch { this.stage.problem("tiles"); }
    }

    /* The values of an address. It is asked for once, by whoever comes first: a press of the reader, the server's answer to
     * it, or a pointer that has come near. What could not be had is forgotten. */
    values(url) {
      if (!this.kept.has(url)) {
        const asked = fetched(ROOT + url.replace(/^\//, ""));
        asked.catch(() => this.kept.delete(url));
        this.kept.set(url, asked);
        if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
      }
      return this.kept.get(url);
    }

    wear(state, alone) {
      if (!state || state === this.worn || this.stage.lost || !this.map.getSource(state.source)) return;
      this.stage.begin();
      const values = state.values || {};
      const { source, sourceLayer } = state;
      const name = source + "/" + sourceLayer;
      if (state.replace !== false) this.empty(name, values);
      const known = (this.stage.known[name] ||= {});
      // Only the class colours, and the map reads every unit anew whose state is set: what keeps its class is left alone.
      for (const id in values) {
        const { c } = values[id];
        if (!known[id] || known[id].c !== c) { this.map.setFeatureState({ source, sourceLayer, id }, { c }); this.stage.counts.states += 1; }
        known[id] = values[id];
      }
      this.worn = state;
      if (alone && this.map.areTilesLoaded()) this.stage.frames.now();
    }

    empty(kept, values) {
      const known = this.stage.known;
      for (const name of Object.keys(known)) {
        const [source, sourceLayer] = name.split("/");
        const there = this.map.getSource(source);
        for (const id in known[name]) {
          if (name === kept && id in values) continue;
          if (there) this.map.setFeatureState({ source, sourceLayer, id }, NONE);
          delete known[name][id];
        }
        if (name !== kept) delete known[name];
      }
    }

    of(feature) { return (this.stage.known[feature.source + "/" + feature.sourceLayer] || {})[feature.id] || {}; }
  }

  async function fetched(address) {
    const reply = await fetch(address);
    if (!reply.ok) throw new Error(reply.status);
    return reply.json();
  }

  window.onemapShades = (stage) => new Shades(stage);
})();
