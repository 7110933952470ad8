"""python -m benchmarks NAME: run one benchmark and print its figures and ratios."""

from __future__ import annotations

import argparse
import importlib
import sys
from pkgutil import iter_modules

import benchmarks
from layers import OneMapError


def names() -> list[str]:
    """The benchmarks there are; a file of this folder without an underscore is one, and its dashes are underscores."""
    return sorted(
        each.name.replace("_", "-") for each in iter_modules(benchmarks.__path__) if not each.name.startswith("_")
    )


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="./onemap bench", description=benchmarks.__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument(
        "--scale", choices=("county", "city", "province"), help="sample to run on (default: as its issue asks)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds that medians are taken over (default 5)")
    parser.add_argument("--minutes", type=float, help="how long (load-test: default 10; soak: until a thousand scenes are shown)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return parser.parse_args(given)


def main() -> int:
    """Run the benchmark and print its report."""
    asked = arguments()
    bench = importlib.import_module(f"benchmarks.{asked.name.replace('-', '_')}")
    longer = {"minutes": asked.minutes} if asked.minutes and hasattr(bench, "MINUTES") else {}
    try:
        report = bench.measure(asked.scale or bench.SCALE, asked.rounds, **longer)
    except OneMapError as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    print(report.as_json() if asked.json else report.as_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
