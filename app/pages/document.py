"""The document that every page is: Dash's own, without the scripts that no page of ours needs, and with its first question."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from dash import Dash

FIRST = """window.onemapFirst = fetch("/answer", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({
  asked: { url: location.pathname + location.search, fly: true, n: Date.now(), hour: new Date().getHours() }, known: {} }) });
window.onemapFirst.catch(() => {});"""
"""What the address asks for, asked before the browser has read any other script; assets/ask.js takes the answer."""

INDEX = f"""<!DOCTYPE html>
<html lang="zh-CN">
  <head>
    {{%metas%}}
    <script>{FIRST}</script>""" + """
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>"""


def scripts_said() -> list[str]:
    """Hashes of the scripts that the document itself says, as a policy names them."""
    return [f"'sha256-{b64encode(sha256(FIRST.encode()).digest()).decode()}'"]


_UNUSED = re.compile(r'<script src="[^"]*/(?:dash_table/|deps/polyfill@)[^"]*"></script>')
"""Tables, and a polyfill for browsers that have no map either: the browser would read them before the first picture."""


class Document(Dash):
    """Dash, with a lean document."""

    def interpolate_index(
        self, metas: str = "", title: str = "", css: str = "", config: str = "", scripts: str = "", app_entry: str = "",
        favicon: str = "", renderer: str = "",
    ) -> str:
        """The document, of the parts that Dash has made."""
        lean = _UNUSED.sub("", scripts)
        return str(super().interpolate_index(metas, title, css, config, lean, app_entry, favicon, renderer))
