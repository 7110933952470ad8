"""The ground from the command line: ``python -m geodata COMMAND``, behind ``./onemap``."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from geodata import clients, doctor, following, foreground
from geodata.cluster import Cluster
from geodata.errors import SettingError, StoreError
from geodata.settings import settings
from layers._errors import OneMapError

EXIT_CODES = """exit codes:
  0 done   2 wrong usage or setting   10 declaration   20 source   40 store   50 serve"""

_ELSEWHERE = {
    "sample": "geodata.sample.__main__",
    "indicators": "geodata.account",
    "targets": "geodata.targets_account",
    "explain": "geodata.explain",
    "audit": "geodata.audit.command",
    "review": "geodata.review",
    "check-aggregates": "geodata.aggregates",
    "rebuild": "geodata.rebuilding",
    "operator": "geodata.operators",
    "feed": "geodata.feed",
}
"""Commands that bring their own arguments: command to module with ``main(arguments)``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of the ground.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; default: those of the process.

    Returns
    -------
    int
        Exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in _ELSEWHERE:
            return importlib.import_module(_ELSEWHERE[words[0]]).main(words[1:]) or 0
        return _command(_parser().parse_args(words))
    except OneMapError as error:
        print(f"onemap: {error}", file=sys.stderr)
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="onemap", formatter_class=raw, epilog=EXIT_CODES)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("sample", help="write the files of the sample city", add_help=False)
    commands.add_parser("indicators", help="print the indicators of a unit", add_help=False)
    commands.add_parser("targets", help="print the policy targets and how a unit stands to them", add_help=False)
    commands.add_parser("explain", help="say what stands behind a number", add_help=False)
    commands.add_parser("audit", help="hold the grids against the ground and their norms", add_help=False)
    commands.add_parser("review", help="numbers that moved beyond their usual range", add_help=False)
    commands.add_parser("check-aggregates", help="count every aggregate again from the rows", add_help=False)
    commands.add_parser("rebuild", help="make anew what follows from the rows", add_help=False)
    commands.add_parser("operator", help="who may bring data in by the page", add_help=False)
    commands.add_parser("feed", help="take states of rows from CSV files", add_help=False)
    check = commands.add_parser("doctor", help="say what is wrong with this installation, and the remedy")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    keep = commands.add_parser("store", help="the embedded store", formatter_class=raw, epilog=EXIT_CODES)
    keep.add_argument("action", choices=sorted(_ACTIONS), help="run: in the foreground, for containers")
    keep.add_argument("rest", nargs=argparse.REMAINDER, help="dump FILE, restore FILE, follow URL; arguments for psql")
    return parser


def _command(asked: argparse.Namespace) -> int:
    if asked.command == "doctor":
        return doctor.main(asked.json)
    return _ACTIONS[asked.action](Cluster(settings().home, followed=settings().store_followed), asked.rest)


def _start(cluster: Cluster, _rest: list[str]) -> int:
    if settings().database_url:
        print(f"store: {settings().database_url} (ONEMAP_DATABASE_URL)")
    elif cluster.start():
        print(f"store: started in {cluster.folder}")
    return 0


def _stop(cluster: Cluster, _rest: list[str]) -> int:
    print("store: stopped" if cluster.stop() else "store: was not running")
    return 0


def _status(cluster: Cluster, _rest: list[str]) -> int:
    if not cluster.ready():
        raise StoreError("embedded store", "it is not running", "start it with ./onemap store start")
    print(f"store: process {cluster.pid()} answers in {cluster.sockets}")
    return 0


def _run(cluster: Cluster, _rest: list[str]) -> int:
    return foreground.run(cluster)


def _follow(cluster: Cluster, rest: list[str]) -> int:
    if len(rest) != 1:
        remedy = "write ./onemap store follow postgresql://onemap@host/onemap"
        raise SettingError("store follow", "it takes the address of the primary", remedy)
    following.follow(cluster, following.primary(rest[0]))
    print(f"store: a replica in {cluster.folder} follows")
    return 0


_ACTIONS = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "run": _run,
    "psql": clients.psql,
    "dump": clients.dump,
    "restore": clients.restore,
    "follow": _follow,
}


if __name__ == "__main__":
    sys.exit(main())
