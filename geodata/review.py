"""`./onemap review`: numbers that moved beyond their usual range after a load, and their acceptance."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from geodata import store, tables, units, usual
from geodata.door import Door, Reader
from geodata.errors import SettingError
from geodata.writing import write
from layers import indicator, themes
from layers._indicator import DEFINITIONS


def main(arguments: Sequence[str]) -> int:
    """List what is to be reviewed, or accept one number.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``review``.

    Returns
    -------
    int
        Exit code: 0 when nothing is to be reviewed or the number was accepted, 1 when something is.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit.
    SettingError
        An acceptance without a reason, or of what needs none.
    """
    asked = _parser().parse_args(list(arguments))
    engine = store.engine()
    tables.create_all(engine)
    return _accept(Door(engine), asked) if asked.accept else _list(Door(engine), asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap review", description="numbers that moved beyond their usual range after a load")
    parser.add_argument("--unit", metavar="CODE", help="of one unit only; the one whose number is accepted")
    parser.add_argument("--accept", metavar="INDICATOR", help="accept this number of the unit as it stands")
    parser.add_argument("--definition", choices=DEFINITIONS, default=DEFINITIONS[0], help="strict, default or loose")
    parser.add_argument("--reason", help="why it is right; kept with the acceptance")
    parser.add_argument("--operator", default=getpass.getuser(), help="who accepts it (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _accept(door: Door, asked: argparse.Namespace) -> int:
    indicator(asked.accept)
    if not asked.unit or not (asked.reason or "").strip():
        raise SettingError("review --accept", "it has no unit or no reason", "add --unit CODE --reason TEXT")
    step = write(door, lambda reader: _accepted(reader, asked))
    if step is None:
        raise SettingError(f"review --accept {asked.accept}", f"nothing of unit {asked.unit} is to be reviewed", "run ./onemap review to see what is")
    print(json.dumps({"accepted": asdict(step)}, default=str) if asked.json else f"accepted: {asked.accept} of {asked.unit}, {step.says().zh} / {step.says().en}")
    return 0


def _accepted(reader: Reader, asked: argparse.Namespace) -> usual.Moved | None:
    units.unit(reader, asked.unit)
    return usual.accept(reader, asked.accept, asked.definition, asked.unit, asked.operator, asked.reason.strip())


def _list(door: Door, asked: argparse.Namespace) -> int:
    names = [(f"{theme.name}.{each.name}", own) for theme in themes().values() for each in theme.indicators for own in each.definitions]

    def question(reader: Reader) -> tuple[dict[Any, usual.Moved], tuple[usual.Accepted, ...]]:
        """The numbers that moved beyond their usual range, and those that were accepted."""
        codes = [units.unit(reader, asked.unit).code] if asked.unit else None
        return usual.to_review(reader, names, codes), usual.accepted(reader, codes)

    found, done = door.ask(question)
    if asked.json:
        waiting = [{"indicator": name, "definition": own, "unit": code, **asdict(step)} for (name, own, code), step in sorted(found.items())]
        print(json.dumps({"to_review": waiting, "accepted": [asdict(each) for each in done]}, ensure_ascii=False, indent=2, default=str))
    else:
        lines = [f"{name} ({own}) of {code}: {step.says().zh} / {step.says().en}" for (name, own, code), step in sorted(found.items())]
        print("\n".join(lines) or "review: every number moved as it usually does")
    return int(bool(found))
