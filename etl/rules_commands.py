"""Commands about rules: what they are, and what they find in a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from etl import examine, report_page
from etl.history_commands import as_json, engine, file_words, job
from etl.rules import FAMILIES
from etl.rules import page as pages
from layers import theme

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands to a parser."""
    rules = command("rules", _rules, "list the numbered rules that every row is held against")
    rules.add_argument("--theme", help="what one theme asks of its fields")
    rules.add_argument("--json", action="store_true", help="print one JSON object")
    rules.add_argument("--markdown", action="store_true", help="print the page etl/rules/RULES.md")
    made = command("check", _check, "hold a file against every rule, and write nothing")
    file_words(made, "file")
    made.add_argument("--html", type=Path, metavar="PAGE", help="write a page that shows it")


def _rules(asked: argparse.Namespace) -> int:
    if asked.markdown:
        sys.stdout.write(pages.page())
        return 0
    if asked.theme:
        told = pages.of_theme(theme(asked.theme))
        if asked.json:
            return as_json({"theme": asked.theme, "rules": told})
        print("\n".join(f"{each['id']}  {each['field']:<28}{each['limit']}" for each in told))
        return 0
    listed = pages.plain()
    if asked.json:
        return as_json({"rules": listed})
    for letter, title in FAMILIES.items():
        print(f"{letter}  {title.zh} / {title.en}")
        for each in listed:
            if each["id"][0] == letter:
                print(f"  {each['id']} {each['name']:<22}{each['severity']:<9}{each['asks']['zh']} / {each['asks']['en']}")
    return 0


def _check(asked: argparse.Namespace) -> int:
    done = examine.examined(engine(), job(asked, asked.file))
    if asked.html:
        asked.html.write_text(report_page.of_check(done), "utf-8")
    if asked.json:
        as_json(examine.plain(done))
    else:
        print("\n".join(examine.lines(done)))
    return done.exit_code
