"""``./onemap brief``: the brief of one unit, or of all units below one, into files."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from tqdm import tqdm

from app.brief.printing import pdf
from app.brief.sheet import PAPERS, sheet
from app.choices import LANGS
from app.errors import ServeError
from app.view import View
from geodata import units
from geodata.door import Door, Reader, Scope, serving_door
from geodata.units import Unit
from layers._ladder import LEVEL_NAMES

_UNSAFE = re.compile(r'[\x00-\x1f\\/:*?"<>|]')

MOST_NAME = 60
"""Characters of a unit's name that go into the name of a file."""


def arguments(verbs: argparse._SubParsersAction) -> None:
    """The words of the command."""
    parser = verbs.add_parser("brief", help="one page of paper about a unit, as PDF; and the same to be read out")
    parser.add_argument("code", help="of the unit")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf", help="with --below: the folder for all of them")
    parser.add_argument("--below", metavar="LEVEL", choices=(*LEVEL_NAMES, "all"), help="all units of this level in the unit; all: down to the villages")
    parser.add_argument("--paper", choices=PAPERS, default="a4")
    parser.add_argument("--indicator", metavar="NAME", help="theme.indicator that colours the map")
    parser.add_argument("--lang", choices=LANGS, default="zh")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="the day that is asked for")
    parser.add_argument("--text", action="store_true", help="write the spoken words beside it, as .txt")


def run(asked: argparse.Namespace) -> int:
    """Write what was asked for.

    Returns
    -------
    int
        0: every page was written.

    Raises
    ------
    UnknownUnit, StoreError, ServeError, DeclarationError
        One sentence; what was written before stays.
    """
    door = serving_door()
    view = View(unit=asked.code, indicator=asked.indicator, lang=asked.lang, day=asked.as_of)
    if not asked.below:
        _write(door, view, asked.paper, asked.out, asked.text)
        print(asked.out)
        return 0
    found = door.ask(lambda reader: _below(reader, asked.code, asked.below), Scope(day=asked.as_of))
    for each in tqdm(found, desc="简报", unit="页"):
        _write(door, view.entered(each.code), asked.paper, asked.out / name_of(each), asked.text)
    print(f"brief: {len(found)} pages in {asked.out}")
    return 0


def _below(reader: Reader, code: str, level: str) -> list[Unit]:
    """The unit itself and all below it, or only those of a level."""
    above = units.unit(reader, code)
    down_to = LEVEL_NAMES[: LEVEL_NAMES.index("village") + 1]
    wanted = [level] if level != "all" else [each for each in units.levels_below(reader, above) if each in down_to]
    return [*([above] if level == "all" else []), *(each for name in wanted for each in units.below(reader, above, name))]


def name_of(unit: Unit) -> str:
    """The file of a unit among others: its code and its name, without what a file's name may not hold."""
    return f"{_UNSAFE.sub('_', unit.code)}_{_UNSAFE.sub('_', unit.name)[:MOST_NAME]}.pdf"


def _write(door: Door, view: View, paper: str, out: Path, text: bool) -> None:
    made = door.ask(lambda reader: sheet(reader, view, paper), Scope(day=view.day))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(pdf(made))
        if text:
            out.with_suffix(".txt").write_text(made.text, encoding="utf-8")
    except OSError as problem:
        raise ServeError(str(out), f"it cannot be written ({problem.strerror})", "name another place with --out") from None
