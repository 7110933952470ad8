"""Make the sample from the command line: ``python -m geodata.sample --scale county``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from geodata.sample import LABEL, SCALES, city_file, make
from geodata.settings import settings
from layers._errors import OneMapError


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the files of a sample and say where they lie.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; default: those of the process.

    Returns
    -------
    int
        Exit code: 0 done, 2 wrong usage.
    """
    asked = _parser().parse_args(arguments)
    folder = asked.folder or settings().home / "sample" / asked.scale
    try:
        manifest = make(asked.scale, asked.months, folder, asked.seed, asked.quiet)
    except OneMapError as error:
        print(f"onemap: {error}", file=sys.stderr)
        return error.exit_code
    if asked.folder is None and (documents := city_file.write(settings().home, date.today())):
        print(f"sample: deadlines of the sample city in {documents}")
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    print(f"sample: {LABEL}, {len(files)} files, {sum(file['rows'] for file in files):,} rows in {folder}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap sample", description="Make the files of the fictitious sample city.")
    parser.add_argument("--scale", choices=list(SCALES), default="county", help="how large (default: county)")
    parser.add_argument("--months", type=_months, help="monthly versions, 1 to 12 (default: 12, 3, 1 by scale)")
    parser.add_argument("--folder", type=Path, help="where to put them (default: sample/SCALE in ONEMAP_HOME)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same files (default: 1)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def _months(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 12")


if __name__ == "__main__":
    sys.exit(main())
