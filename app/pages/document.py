"""The document that every page is: Dash's own, without the scripts that no page of ours needs."""

from __future__ import annotations

import re

from dash import Dash

INDEX = """<!DOCTYPE html>
<html lang="zh-CN">
  <head>
    {%metas%}
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

_UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>')
"""Tables: none of our pages has one, and the browser would read them before the first picture."""


class Document(Dash):
    """Dash, with a lean document."""

    def interpolate_index(
        self, metas: str = "", title: str = "", css: str = "", config: str = "", scripts: str = "", app_entry: str = "",
        favicon: str = "", renderer: str = "",
    ) -> str:
        """The document, of the parts that Dash has made."""
        lean = _UNUSED.sub("", scripts)
        return str(super().interpolate_index(metas, title, css, config, lean, app_entry, favicon, renderer))
