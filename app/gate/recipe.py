"""The recipe of an upload: read from TOML for the form, written as TOML for the ETL, which alone judges it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.errors import GateError

FORM = ("theme", "source", "as_of", "publisher", "crs", "axes", "degrees", "sheet", "header_row", "fields", "constants", "values")
"""Words that the form holds; what else a recipe says stands in a text of its own and is kept."""


def read(path: Path) -> dict[str, Any]:
    """A recipe as it stands in its file; empty where it is no TOML: the ETL says what is wrong with it."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def of_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe of what the form says, with the words that it does not hold from its text "more".

    Raises
    ------
    GateError
        That text is no TOML, or says what the form says.
    """
    try:
        more = tomllib.loads(str(form.get("more") or ""))
    except tomllib.TOMLDecodeError as problem:
        raise GateError(400, f"其他配方内容：不是 TOML（{problem}）；请改正该行。", f"more of the recipe: it is no TOML ({problem}); mend that line.") from None
    said = {word: form[word] for word in FORM if form.get(word) not in (None, "", {})}
    if both := sorted(more.keys() & set(FORM)):
        raise GateError(400, f"其他配方内容：{both[0]} 在表单中已有；请删去。", f"more of the recipe: {both[0]} stands in the form; leave it out.")
    if "header_row" in said and str(said["header_row"]).isdigit():
        said["header_row"] = int(said["header_row"])
    return said | more


def text(said: Mapping[str, Any]) -> str:
    """A recipe as TOML: plain words first, then tables.

    Parameters
    ----------
    said : mapping
        Texts, numbers, flags, days, lists of them, and tables of these, one or two deep.
    """
    plain = [f"{_key(name)} = {_value(value)}" for name, value in said.items() if not isinstance(value, Mapping)]
    tables = [line for name, value in said.items() if isinstance(value, Mapping) for line in _table(_key(name), value)]
    return "\n".join([*plain, *tables]) + "\n"


def _table(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    plain = {key: value for key, value in said.items() if not isinstance(value, Mapping)}
    if plain:
        yield from ("", f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in plain.items()))
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from _table(f"{name}.{_key(key)}", value)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    # A text of JSON is one of TOML, but for DEL and for halves of characters, which UTF-8 cannot hold anyway.
    return json.dumps(str(value).encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")


def rest(said: Mapping[str, Any]) -> str:
    """What a recipe says that the form does not hold, as TOML."""
    more = {word: value for word, value in said.items() if word not in FORM}
    return text(more) if more else ""
