/* OneMap: the stage as a Dash component. No build step. */
(function () {
  "use strict";
  const React = window.React;
  const { load, Stage } = window.onemapStage;

  /* Told by Dash's properties, or past them by a script of the page: what the script said last holds. */
  class OneMap extends React.Component {
    constructor(props) { super(props); this.node = React.createRef(); this.told = {}; }
    componentDidMount() {
      load().catch(() => {});
      document.dispatchEvent(new Event("onemap:mounted")); // the page takes its shape before a map is made to fit into it
      this.show({});
      if (window.onemapParts) window.onemapParts.take(this.props.id, (told) => this.tell(told));
    }
    componentDidUpdate(before) { this.show({ ...before, ...this.told }); }
    tell(told) {
      const before = { ...this.props, ...this.told };
      Object.assign(this.told, told);
      this.show(before);
    }
    show(before) {
      const props = { ...this.props, ...this.told };
      this.node.current.lang = props.lang || "";
      if (this.stage) this.stage.update(props, before);
      else if (props.mapStyle) { // the first answer of the page brings it
        this.stage = new Stage(this.node.current, props, (patch) => this.props.setProps && this.props.setProps(patch));
      }
    }
    componentWillUnmount() { if (this.stage) this.stage.stop(); }
    render() {
      const { id, className, style } = this.props;
      const plain = typeof id === "object" && id ? JSON.stringify(id, Object.keys(id).sort()) : id;
      return React.createElement("div", { id: plain, className: "onemap " + (className || ""), style },
        React.createElement("div", { ref: this.node, className: "onemap-ground" }));
    }
  }

  window.onemap_components = Object.assign(window.onemap_components || {}, { OneMap });
})();
