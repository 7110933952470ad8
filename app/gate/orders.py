"""What an operator orders, as the words that he could have typed on the command line himself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import layers
from app.errors import GateError
from app.gate.uploads import Uploads
from geodata.uploads import Upload

VERBS = ("guess", "check", "rehearse", "load", "rollback", "set-aside")

ENDINGS = ("xlsx", "geojson", "csv")
"""Formats in which rows set aside are handed out."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be made.

    Parameters
    ----------
    verb : str
    words : list of str
        What stands behind it on the command line.
    more : dict
        about, upload and note of the job.
    """

    verb: str
    words: list[str]
    more: dict[str, str | None] = field(default_factory=dict)


def order(uploads: Uploads, asked: Mapping[str, Any], operator: str) -> Order:
    """An order of the page.

    Parameters
    ----------
    uploads : Uploads
    asked : mapping
        verb; upload, theme, as_of, rehearsal, note (files); load, cascade, note (rollback); what, form (set-aside).
    operator : str

    Raises
    ------
    GateError
        It cannot be done, or is none of ours.
    """
    verb, note = str(asked.get("verb")), str(asked.get("note") or "").strip()[:500] or None
    who = [f"--operator={operator}", *([f"--reason={note}"] if note else []), "--json"]
    if verb == "rollback":
        number = _number(asked.get("load"))
        cascade = ["--cascade"] if asked.get("cascade") else []
        return Order(verb, [str(number), *cascade, *who], {"about": f"#{number}", "note": note})
    if verb == "set-aside":
        return _handout(uploads, asked)
    if verb not in VERBS:
        raise _refused("verb", verb)
    return _of_file(uploads.at(str(asked.get("upload"))), verb, asked, who, note)


def _of_file(upload: Upload, verb: str, asked: Mapping[str, Any], who: list[str], note: str | None) -> Order:
    words = [str(upload.file)]
    if theme := asked.get("theme"):
        if theme not in layers.themes():
            raise _refused("theme", theme)
        words.append(f"--theme={theme}")
    if verb == "guess":
        return Order(verb, [*words, "--json"], {"about": upload.name, "upload": upload.id, "note": None})
    if asked.get("as_of"):
        words.append(f"--as-of={_day(asked['as_of'])}")
    if verb == "load":
        words.append(f"--rehearsal={_number(asked.get('rehearsal'))}")
    page = upload.folder.parent / f"{verb}-{secrets.token_hex(4)}.html"
    return Order(verb, [*words, f"--html={page}", *who], {"about": upload.name, "upload": upload.id, "note": note})


def _handout(uploads: Uploads, asked: Mapping[str, Any]) -> Order:
    what, form = str(asked.get("what")), str(asked.get("form"))
    if form not in ENDINGS:
        raise _refused("form", form)
    if what not in layers.themes():
        what = str(_number(what))
    folder = uploads.home.parent / "handouts" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    file = folder / f"{what}-set-aside.{form}"
    return Order("set-aside", [what, f"--out={file}"], {"about": file.name, "note": None})


_WRITTEN = {"report.html": "--html=", "file": "--out="}


def written(words: list[str], what: str) -> Path | None:
    """The file that a job was told to write: its report as a page, or rows set aside."""
    option = _WRITTEN.get(what)
    found = [each.removeprefix(option) for each in words if option and each.startswith(option)]
    return Path(found[0]) if found else None


def _number(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _refused("number", text)
    return int(text)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _refused("as_of", value) from None


def _refused(name: str, value: Any) -> GateError:
    said = str(value)[:60]
    return GateError(400, f"{name}：{said!r} 不可用；请在本页面内操作。", f"{name}: {said!r} cannot be used; use the page itself.")
