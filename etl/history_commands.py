"""Commands about what was loaded: rehearse, loads, life, rollback, set-aside."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from etl import as_rehearsed, handout, mend, pipeline, rehearsal_page, rehearsal_text, rehearse, report, rollback
from etl.errors import SourceError
from etl.job import Job
from geodata import aside, loads, ready, store, tables
from geodata import life as lives
from geodata.door import Door, Reader, Scope
from layers import themes

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands to a parser."""
    made = command("rehearse", _rehearse, "show what a load would do, and do nothing")
    file_words(made, "file")
    made.add_argument("--html", type=Path, metavar="FILE", help="write a page that shows it")
    made = command("loads", _loads, "the ledger: what was loaded, when, by whom")
    made.add_argument("--theme", help="of one theme only")
    made.add_argument("--last", type=int, metavar="N", help="the last N only")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    made = command("life", _life, "what happened to one row")
    made.add_argument("theme")
    made.add_argument("key")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    made = command("rollback", _rollback, "take a load back")
    made.add_argument("load", type=int, help="number of the load")
    made.add_argument(
        "--cascade", action="store_true", help="take later loads that touched the same rows back before it"
    )
    _say_who(made)
    aside_ = command("set-aside", _set_aside, "show the rows that wait to be mended")
    aside_.add_argument("what", metavar="THEME|LOAD", help="a theme, or the number of a load")
    aside_.add_argument("--source", help="of one source of the theme only")
    aside_.add_argument(
        "--out",
        "--csv",
        type=Path,
        metavar="FILE",
        help="write them to .xlsx, .geojson or .csv, to be mended and loaded",
    )
    aside_.add_argument("--json", action="store_true", help="print one JSON object")


def file_words(parser: argparse.ArgumentParser, name: str, **more: Any) -> None:
    """The words of commands that take a file: which, of what, who."""
    parser.add_argument(name, type=Path, metavar="FILE", **more)
    parser.add_argument("--theme", help="which theme the rows belong to, where no recipe says it")
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="default: a .toml beside the file")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="day of the data, as 2025-11-30")
    _say_who(parser)


def _say_who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--operator", default=getpass.getuser(), help="who does it, for the ledger (default: %(default)s)"
    )
    parser.add_argument("--reason", help="why, for the ledger")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def engine() -> Any:
    """The store, with every table made."""
    made = store.engine()
    tables.create_all(made)
    return made


def job(asked: argparse.Namespace, file: Path, rehearsal: int | None = None) -> Job:
    """What is known of a file that a command names, also of a mended one, and of one that only a rehearsal names."""
    if rehearsal is not None and not asked.files:
        return as_rehearsed.prepare_again(engine(), rehearsal, asked.operator, asked.reason)
    if file.is_file() and asked.recipe is None and mend.is_mended(file):
        return mend.prepare_mended(engine(), file, asked.theme, asked.operator, asked.reason, rehearsal)
    made = pipeline.prepare(
        file, asked.theme, asked.recipe, asked.as_of, asked.operator, reason=asked.reason, rehearsal=rehearsal
    )
    return replace(made, only_clean=getattr(asked, "if_clean", False))


def read(question: Callable[[Reader], Any], day: date | None = None) -> Any:
    """The answer to a question, on a day."""
    with Door(engine()).reader(Scope(day=day)) as reader:
        return question(reader)


def as_json(told: Any) -> int:
    """Print one JSON object."""
    print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    return 0


def _rehearse(asked: argparse.Namespace) -> int:
    done = rehearse.rehearse(engine(), job(asked, asked.file))
    if asked.html:
        asked.html.write_text(rehearsal_page.page(done, read(rehearsal_page.outlines)), "utf-8")
    told = {"rehearsal": done.number, "seconds": round(done.seconds, 2), "load": report.plain(done.load)} | dict(
        done.shown
    )
    if asked.json:
        as_json(told)
    else:
        print("\n".join(rehearsal_text.rehearsed(done)))
    return int(done.number is not None and done.load.share_set_aside > pipeline.TOLERANCE)


def _loads(asked: argparse.Namespace) -> int:
    if asked.theme and asked.theme not in themes():
        raise SourceError("--theme", f"there is no theme {asked.theme!r}", f"use one of {', '.join(themes())}")
    told = [report.plain(each) for each in read(lambda reader: loads.ledger(reader, asked.last, asked.theme))]
    if asked.json:
        return as_json({"loads": told})
    print("\n".join(report.loads_line(each) for each in told) or "no load yet; run ./onemap load FILE --theme NAME")
    return 0


def _life(asked: argparse.Namespace) -> int:
    events = read(lambda reader: lives.life(reader, asked.theme, asked.key))
    if asked.json:
        told = [asdict(each) | {"load": report.plain(each.load) if each.load else None} for each in events]
        return as_json({"theme": asked.theme, "key": asked.key, "life": told})
    print("\n".join(rehearsal_text.event_line(each) for each in events))
    return 0


def _rollback(asked: argparse.Namespace) -> int:
    made = engine()
    done = rollback.roll_back(made, asked.load, asked.operator, asked.reason, cascade=asked.cascade)
    ready.fill(made)
    if asked.json:
        return as_json({"rollbacks": [report.plain(each.load) for each in done]})
    print("\n".join(report.line(each) for each in done))
    return 0


def _set_aside(asked: argparse.Namespace) -> int:
    told, rows = read(lambda reader: _waiting(reader, asked))
    if asked.out:
        handout.write(rows, asked.out)
        print(f"{len(rows):,} rows of {told} in {asked.out}")
        return 0
    if asked.json:
        return as_json({"of": told, "rows": rows})
    for each in rows:
        print(f"load {each['load_id']}, row {each['row_no']}: {each['reason_zh']} / {each['reason_en']}")
    print(f"{len(rows):,} rows of {told} set aside")
    return 0


def _waiting(reader: Reader, asked: argparse.Namespace) -> tuple[str, Any]:
    if asked.what in themes():
        return asked.what, aside.waiting(reader, asked.what, asked.source)
    load = loads.load(reader, int(asked.what)) if asked.what.isdecimal() else None
    if load is None:
        known = f"use one of {', '.join(themes())}, or a number that ./onemap loads lists"
        raise SourceError(f"set-aside {asked.what}", "there is no such theme or load", known)
    return f"load {load.id} ({load.file})", aside.of_load(reader, load.id)
