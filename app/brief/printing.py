"""Sheets to PDF, by Typst: fonts embedded, text selectable, one page each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from app.brief.sheet import Sheet
from app.errors import ServeError

TEMPLATE = Path(__file__).parent / "brief.typ"

CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei")
"""Families that the template sets, the first that is there."""

_ONE_AT_A_TIME = Lock()
"""A page takes a tenth of a second of one core: many at once would take it from the map."""


@cache
def _fonts() -> typst.Fonts:
    """Every font of this machine, read once.

    Raises
    ------
    ServeError
        None of them has Chinese glyphs.
    """
    found = typst.Fonts(include_embedded_fonts=False)
    if not set(CHINESE) & set(found.families()):
        raise ServeError("fonts", f"none of {', '.join(CHINESE)} is installed", "apt-get install fonts-noto-cjk")
    return found


def pdf(made: Sheet) -> bytes:
    """One sheet as PDF.

    Raises
    ------
    ServeError
        This machine has no Chinese font.
    """
    fonts = _fonts()
    with _ONE_AT_A_TIME:
        return typst.compile(
            TEMPLATE.read_bytes(), font_paths=fonts, format="pdf", sys_inputs={"data": json.dumps(made.data, ensure_ascii=False)},
        )
