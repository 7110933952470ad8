/* Region: a part of the page whose content comes with each answer, drawn by React alone.
 *
 * Content in a Dash component's children would be wrapped, element by element, into components that listen to Dash's
 * store: a panel of five hundred elements then takes a tenth of a second, and holds up the map. */
(function () {
  "use strict";
  const React = window.React;
  const parts = new Map(); // id of a part -> what lays out its content
  const early = new Map(); // id -> contents that came before the part

  /* Hand content to a part of the page, or keep it until the part is there. */
  function give(id, content) {
    if (parts.has(id)) parts.get(id)(content);
    else early.set(id, [...(early.get(id) || []), content]);
  }

  function take(id, lay) {
    parts.set(id, lay);
    (early.get(id) || []).forEach(lay);
    early.delete(id);
  }

  /* An element as the server writes it ({type, props}), text, a list of them, or nothing. */
  function drawn(content) {
    if (content === null || content === undefined || typeof content !== "object") return content ?? null;
    if (Array.isArray(content)) return React.createElement(React.Fragment, null, ...content.map(drawn));
    const { children, ...props } = content.props;
    const inner = children === undefined || children === null ? [] : [].concat(children);
    return React.createElement(content.type.toLowerCase(), props, ...inner.map(drawn));
  }

  class Region extends React.Component {
    constructor(props) { super(props); this.state = { content: null }; }
    componentDidMount() { take(this.props.id, (content) => this.setState({ content })); }
    componentWillUnmount() { parts.delete(this.props.id); }
    render() {
      const { id, className, kind } = this.props;
      return React.createElement(kind || "div", { id, className }, drawn(this.state.content));
    }
  }

  window.onemapParts = { give, take };
  window.onemap_components = Object.assign(window.onemap_components || {}, { Region });
})();
