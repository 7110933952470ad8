"""From a file to a table, on the command line: ``python -m etl COMMAND``, behind ``./onemap``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from etl import batch, file_commands, history_commands, job_commands, pipeline, report, report_page, rules_commands
from etl.errors import Older, SourceError
from etl.history_commands import as_json, engine, read
from geodata import loads
from geodata.door import Door
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
    rule = error.rule if isinstance(error, SourceError) else ""
    print(f"onemap: {error}{f' ({rule})' if rule else ''}", file=sys.stderr)
    return error.exit_code


def _store_error(error: DBAPIError) -> StoreError:
    said = str(error.orig).strip().splitlines()
    return StoreError("onemap store", said[0].rstrip(".") if said else "it broke off", "run ./onemap doctor")


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="onemap", formatter_class=raw, epilog=EXIT_CODES)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        """Enter a command: its name, what runs it, and its words on the page of help."""
        made = commands.add_parser(name, help=words, description=words, formatter_class=raw, epilog=EXIT_CODES)
        made.set_defaults(run=run)
        return made

    load = command("load", _load, "load files")
    history_commands.file_words(load, "files", nargs="*")
    load.set_defaults(wrong=load.error)
    load.add_argument("--rehearsal", type=int, metavar="N", help="publish what this rehearsal showed, or nothing")
    load.add_argument("--if-clean", action="store_true", help="load nothing when too many rows would be set aside")
    load.add_argument("--html", type=Path, metavar="PAGE", help="write a page that shows what was loaded")
    demo = command("demo", _demo, "load the files of the sample")
    demo.add_argument(
        "folder", nargs="?", type=Path, help="folder with a manifest.json (default: sample/SCALE in ONEMAP_HOME)"
    )
    demo.add_argument("--scale", default="county", choices=("county", "city", "province"))
    demo.add_argument("--months", type=int, help="newest months only")
    command("themes", _themes, "list the themes").add_argument(
        "--json", action="store_true", help="print one JSON object"
    )
    status = command("status", _status, "show what the store holds")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    status.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="as it stood on a day")
    history_commands.add(command)
    rules_commands.add(command)
    file_commands.add(command)
    job_commands.add(command)
    return parser


def _load(asked: argparse.Namespace) -> int:
    if not asked.files and asked.rehearsal is None:
        asked.wrong("name a file, or a rehearsal")
    code, told, made = 0, [], []
    prepared = partial(history_commands.job, asked, rehearsal=asked.rehearsal)
    files = asked.files or [Path(f"rehearsal {asked.rehearsal}")]
    for done in batch.load_all(engine(), files, prepared):
        if done.report is None:
            code = _refused(done.refusal) if done.refusal and code in (0, 1) else code
            continue
        made.append(done.report)
        told.append(
            report.plain(done.report.load) | {"unchanged_since": done.report.unchanged, "rules": done.report.rules}
        )
        if not asked.json:
            print("\n".join([report.line(done.report), *report.details(done.report)]), flush=True)
        if asked.files:
            file_commands.remember(done.file, asked.recipe)
        code = code or int(done.report.above_tolerance)
    if asked.html and made:
        asked.html.write_text(report_page.of_loads(made), "utf-8")
    if asked.json:
        as_json({"loads": told})
    return code


_OLDER = """of its files are older than what the store holds of their source, and were left out; to begin anew, run
./onemap store psql -c 'DROP SCHEMA onemap CASCADE' and then ./onemap demo.""".replace("\n", " ")


def _demo(asked: argparse.Namespace) -> int:
    folder = asked.folder or settings().home / "sample" / asked.scale
    files, made, news, older = batch.listed(folder, asked.months), engine(), [], 0
    with tqdm(total=len(files), desc="load", unit="file", disable=None) as bar:
        for done in batch.load_all(made, files, lambda file: pipeline.prepare(file, operator="demo")):
            if done.refusal and not isinstance(done.refusal, Older):
                raise done.refusal
            older += done.refusal is not None
            bar.set_postfix_str(done.file.name)
            bar.update()
            if done.report and not done.report.unchanged:
                news.append(done.report)
    _catch_up(made, news)
    rows = sum(each.load.rows_in for each in news)
    aside = sum(each.load.set_aside for each in news)
    seconds = sum(each.seconds for each in news)
    print(
        f"load: {len(files) - len(news) - older} files unchanged, {len(news)} loaded: {rows:,} rows, {aside:,} set aside, {seconds:.1f} s"
    )
    if older:
        print(f"onemap: {folder}: {older} {_OLDER}", file=sys.stderr)
    return 0


def _catch_up(made: Engine, news: list[pipeline.Report]) -> None:
    """Measure what a run that was cut short has left; nothing, nearly always."""
    if not news:
        with Door(made).reader() as reader:
            days = [each.as_of for each in loads.freshness(reader).values()]
        if days:
            pipeline.measure_waiting(made, max(days), {})


def _themes(asked: argparse.Namespace) -> int:
    told = report.themes_told()
    if asked.json:
        return as_json({"themes": told})
    for each in told:
        print(f"{each['name']:<19}{each['geometry']:<17}{each['title']['zh']} / {each['title']['en']}")
    return 0


def _status(asked: argparse.Namespace) -> int:
    told = read(report.status, asked.as_of)
    if asked.json:
        return as_json(told)
    print("\n".join(report.status_lines(told)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
