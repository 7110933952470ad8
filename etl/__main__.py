"""From a file to a table, on the command line: ``python -m etl COMMAND``, behind ``./onemap``."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from etl import batch, pipeline, report
from etl.errors import SourceError
from geodata import loads, store, tables
from geodata.door import Door, Reader
from geodata.errors import StoreError
from geodata.settings import settings
from layers import OneMapError

EXIT_CODES = """exit codes:
  0 done   1 done, too many rows set aside   2 wrong usage or setting   10 declaration   20 source   30 correction
  40 store   130 interrupted; whatever the code, a file is loaded whole or not at all"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; default: those of the process.

    Returns
    -------
    int
        Exit code.
    """
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except OneMapError as error:
        return _refused(error)
    except DBAPIError as error:
        return _refused(_store_error(error))
    except KeyboardInterrupt:
        print("onemap: interrupted; the file in hand was not loaded.", file=sys.stderr)
        return 130


def _refused(error: OneMapError) -> int:
    print(f"onemap: {error}", file=sys.stderr)
    return error.exit_code


def _store_error(error: DBAPIError) -> StoreError:
    said = str(error.orig).strip().splitlines()
    return StoreError("onemap store", said[0].rstrip(".") if said else "it broke off", "run ./onemap doctor")


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="onemap", formatter_class=raw, epilog=EXIT_CODES)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words, formatter_class=raw, epilog=EXIT_CODES)
        made.set_defaults(run=run)
        return made

    _load_words(command("load", _load, "load files"))
    demo = command("demo", _demo, "load the files of the sample")
    demo.add_argument(
        "folder", nargs="?", type=Path, help="folder with a manifest.json (default: sample/SCALE in ONEMAP_HOME)"
    )
    demo.add_argument("--scale", default="county", choices=("county", "city", "province"))
    demo.add_argument("--months", type=int, help="newest months only")
    for name, run, words in (("themes", _themes, "list the themes"), ("status", _status, "show what the store holds")):
        command(name, run, words).add_argument("--json", action="store_true", help="print one JSON object")
    aside = command("set-aside", _set_aside, "show the rows that a load set aside")
    aside.add_argument("load", type=int, help="number of the load")
    aside.add_argument("--csv", type=Path, metavar="FILE", help="write them to a file, to be mended and loaded again")
    return parser


def _load_words(load: argparse.ArgumentParser) -> None:
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.add_argument("--theme", help="which theme the rows belong to, where no recipe says it")
    load.add_argument("--recipe", type=Path, metavar="FILE", help="default: a .toml beside the file")
    load.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="day of the data, as 2025-11-30")
    load.add_argument("--operator", default=getpass.getuser(), help="who loads, for the ledger (default: %(default)s)")


def _engine() -> Engine:
    engine = store.engine()
    tables.create_all(engine)
    return engine


def _load(asked: argparse.Namespace) -> int:
    def prepared(file: Path) -> pipeline.Job:
        return pipeline.prepare(file, asked.theme, asked.recipe, asked.as_of, asked.operator)

    code = 0
    for done in batch.load_all(_engine(), asked.files, prepared):
        if done.report is None:
            code = _refused(done.refusal) if done.refusal and code in (0, 1) else code
            continue
        print("\n".join([report.line(done.report), *report.details(done.report)]), flush=True)
        code = code or int(done.report.above_tolerance)
    return code


def _demo(asked: argparse.Namespace) -> int:
    folder = asked.folder or settings().home / "sample" / asked.scale
    files, engine, news = batch.listed(folder, asked.months), _engine(), []
    with tqdm(total=len(files), desc="load", unit="file", disable=None) as bar:
        for done in batch.load_all(engine, files, lambda file: pipeline.prepare(file, operator="demo")):
            if done.refusal:
                raise done.refusal
            bar.set_postfix_str(done.file.name)
            bar.update()
            if done.report and not done.report.unchanged:
                news.append(done.report)
    _catch_up(engine, news)
    rows = sum(each.load.rows_in for each in news)
    aside = sum(each.load.set_aside for each in news)
    seconds = sum(each.seconds for each in news)
    print(
        f"load: {len(files) - len(news)} files unchanged, {len(news)} loaded: {rows:,} rows, {aside:,} set aside, {seconds:.1f} s"
    )
    return 0


def _catch_up(engine: Engine, news: list[pipeline.Report]) -> None:
    """Measure what a run that was cut short has left; nothing, nearly always."""
    if not news:
        with Door(engine).reader() as reader:
            days = [each.as_of for each in loads.freshness(reader).values()]
        if days:
            pipeline.measure_waiting(engine, max(days), {})


def _themes(asked: argparse.Namespace) -> int:
    told = report.themes_told()
    if asked.json:
        return _json({"themes": told})
    for each in told:
        print(f"{each['name']:<15}{each['geometry']:<17}{each['title']['zh']} / {each['title']['en']}")
    return 0


def _status(asked: argparse.Namespace) -> int:
    told = _read(report.status)
    if asked.json:
        return _json(told)
    print("\n".join(report.status_lines(told)))
    return 0


def _set_aside(asked: argparse.Namespace) -> int:
    load, rows = _read(lambda reader: (loads.load(reader, asked.load), loads.set_aside(reader, asked.load)))
    if load is None:
        raise SourceError(f"load {asked.load}", "there is no such load", "use a number that ./onemap status lists")
    if asked.csv:
        report.write_set_aside(rows, asked.csv)
        print(f"{len(rows):,} rows of load {load.id} ({load.file}) in {asked.csv}")
        return 0
    for each in rows:
        print(f"row {each['row_no']}: {each['reason_zh']} / {each['reason_en']}")
    print(f"{len(rows):,} rows of load {load.id} ({load.file}) set aside")
    return 0


def _read(question: Callable[[Reader], Any]) -> Any:
    with Door(_engine()).reader() as reader:
        return question(reader)


def _json(told: Any) -> int:
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
