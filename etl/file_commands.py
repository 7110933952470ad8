"""Commands about files before they are loaded: forensic, guess."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from etl import guess, guessed_recipe, mend, remembered, whereabouts, which_theme
from etl.claims import Ladder
from etl.errors import SourceError
from etl.forensic import Verdict
from etl.history_commands import as_json, engine
from etl.misread import ladder_of
from etl.recipe import Recipe, beside, read_recipe, stream_of
from geodata import store
from geodata.door import Door
from geodata.errors import StoreError

Found = TypeVar("Found")

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands to a parser."""
    made = command("forensic", _forensic, "say which coordinate system a file is in, or that nothing tells")
    _words(made)
    made = command("guess", _guess, "write the recipe of a file, as far as it can be guessed, to be corrected")
    _words(made)
    made.add_argument(
        "--out", type=Path, metavar="FILE", help='the recipe to write; "-" prints it (default: beside the file)'
    )


def _words(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--theme", help="which theme the rows belong to, where their headers do not tell")
    made.add_argument("--recipe", type=Path, metavar="FILE", help="default: a .toml beside the file")
    made.add_argument("--json", action="store_true", help="print one JSON object")


def remember(file: Path, recipe: Path | None) -> None:
    """Keep the recipe of a file that was loaded, for the next one of its shape."""
    path = recipe or beside(file)
    if path and not remembered.is_kept(path):
        remembered.keep(file, path)


def with_ladder(asked: Callable[[Ladder], Found]) -> Found:
    """What a question about a file finds on the ladder of the store; on an empty one where there is no store."""
    try:
        with Door(store.engine()).reader() as reader:
            return asked(ladder_of(reader))
    except StoreError as problem:
        print(f"onemap: {problem} Without it no village is known.", file=sys.stderr)
        return asked(Ladder())


def _said(asked: argparse.Namespace) -> Recipe | None:
    """The recipe of the file, if there is one."""
    path = asked.recipe or beside(asked.file)
    return read_recipe(path, asked.file, asked.theme) if path else None


def _forensic(asked: argparse.Namespace) -> int:
    said = _said(asked)
    raw, theme = which_theme.look(asked.file, asked.theme, said)
    recipe = said or Recipe(theme=theme.name, source=theme.name)
    verdict = with_ladder(lambda ladder: whereabouts.of_coordinates(asked.file, raw, recipe, ladder))
    if asked.json:
        print(json.dumps({"file": str(asked.file)} | told(verdict), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(verdict)))
    return 0 if verdict.sure else 1


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict for scripts."""
    return asdict(verdict) | {"recipe": dict(verdict.recipe), "shares": dict(verdict.shares)}


def lines(verdict: Verdict) -> list[str]:
    """A verdict for people."""
    said = [verdict.system or "unsure", f"{verdict.says.zh} / {verdict.says.en}"]
    said += [f"  {share:7.1%}  {system}" for system, share in verdict.shares.items()]
    if verdict.shares:
        said += [
            f"  {verdict.claiming:,} of {verdict.points:,} rows claim a unit ({verdict.claims}); margin {verdict.margin:.1%}"
        ]
    said += [f"declared: {verdict.declared or 'nothing'}"]
    return said + [
        f"recipe: {word} = {json.dumps(value, ensure_ascii=False)}" for word, value in verdict.recipe.items()
    ]


def _kept(file: Path, theme: str) -> dict[str, Any] | None:
    """The recipe of an earlier file of this stream, in words of JSON."""
    path = remembered.find(file, theme)
    if path is None or not remembered.is_of(path, file):
        return None
    return dict(json.loads(json.dumps(read_recipe(path, file).written(), default=str)))


def _guess(asked: argparse.Namespace) -> int:
    if asked.json and asked.file.is_file() and mend.is_mended(asked.file):
        return as_json(mend.told(mend.prepare_mended(engine(), asked.file, asked.theme)))
    said = _said(asked)
    made = with_ladder(lambda ladder: guess.guess(asked.file, asked.theme or (said.theme if said else None), ladder, said))
    text = guessed_recipe.recipe_text(made, asked.file)
    if asked.json:
        more: dict[str, Any] = {"file": str(asked.file), "forensic": told(made.verdict), "recipe": text}
        return as_json(dict(guess.as_json(made)) | more | {"source": remembered.name_of(asked.file), "kept": _kept(asked.file, made.theme.name)})
    if str(asked.out) == "-":
        print(text, end="")
        return 0
    path = asked.out or asked.file.with_name(f"{stream_of(asked.file)}.toml")
    if path.exists():
        raise SourceError(str(path), "there is a recipe already", "give --out FILE, or --out - to see the guess")
    path.write_text(text, "utf-8")
    print(
        f"{path}: {made.theme.name}, {len(made.fields)} fields known, {len(made.missing)} missing, {len(made.unused)} headers not used"
    )
    return 0
