"""A guess written as a recipe: TOML with remarks where somebody has to look."""

from __future__ import annotations

import json
from pathlib import Path

from etl.forensic import Verdict
from etl.guess import Guess
from etl.recipe import stream_of
from layers import Theme


def recipe_text(guess: Guess, file: Path) -> str:
    """The recipe as TOML, with remarks where it has to be looked at."""
    lines = [
        f"# A guess at {file.name}: {guess.kind}, {guess.rows:,} rows. Correct it; the next file with these headers finds it again.",
        f"theme = {_quoted(guess.theme.name)}",
        f"source = {_quoted(stream_of(file))}",
        *_crs_lines(guess.verdict),
        "",
        "[fields]",
        *(_field_line(guess, name, header) for name, header in guess.fields.items()),
        *(
            f'# {name} = "" # required, and no header resembles it: {_title(guess.theme, name)}'
            for name in guess.missing
        ),
        *(f"# not used: {_quoted(each)}" for each in guess.unused),
        *_constant_lines(guess),
    ]
    for name, said in guess.values.items():
        choices = ", ".join(f"{each.value} ({each.title.zh})" for each in guess.theme.field(name).choices)
        lines += ["", f"[values.{name}] # {choices}"]
        lines += [f"{'' if ours else '# '}{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in said.items()]
    return "\n".join(lines) + "\n"


def _crs_lines(verdict: Verdict) -> list[str]:
    said = [f"{word} = {_quoted(value)}" for word, value in verdict.recipe.items()]
    if verdict.sure and verdict.recipe:
        return [f"# {verdict.system}: {verdict.says.en}.", *said]
    remark = f"# crs: {'' if verdict.sure else 'unsure: '}{verdict.says.en}."
    return [remark] + ([f"# it declares {verdict.declared}"] if verdict.declared else ['# crs = "EPSG:4490"'])


def _constant_lines(guess: Guess) -> list[str]:
    """What may be said for all rows where no column says it: a number of their own, a choice."""
    lines = []
    for each in map(guess.theme.field, guess.missing):
        if each.name == guess.theme.key and not each.pattern:
            lines.append(f'# {each.name} = "{{stem}}-{{row}}" # their place in the file, where they have no number of their own')
        elif each.choices:
            listed = ", ".join(f"{choice.value} ({choice.title.zh})" for choice in each.choices)
            lines.append(f'# {each.name} = "" # the same for all rows: {listed}')
    return ["", "# [constants]", *lines] if lines else []


def _field_line(guess: Guess, name: str, header: str) -> str:
    return f"{name} = {_quoted(header)}" + (" # resembles it only: look" if name in guess.alike else "")


def _title(theme: Theme, name: str) -> str:
    return theme.field(name).title.zh


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
