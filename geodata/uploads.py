"""Files that came to be loaded: each in a folder of its own under the home, where the page, the watcher and the ETL find it."""

from __future__ import annotations

import json
import re
import shutil
import time
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".shp.xml", ".fbn", ".fbx", ".ain", ".aih")
"""Endings of the parts of one Shapefile."""

BESIDE = (".corrections.toml", ".toml")
"""What may lie beside a file: its corrections and its recipe."""

_ID = re.compile(r"[0-9a-f]{16}")
_LONGEST, _ENDING = 120, 12  # bytes of a name, letters of its ending
_EDGES = " .-~"
_TOLD = "upload.json"

FOLDER = Path("gate", "uploads")
"""Where they lie in the home; what the gate keeps is one folder, which a container has to keep."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that came, or the parts of one.

    Parameters
    ----------
    id : str
    folder : Path
        Of its files; nothing else lies there.
    file : Path
        What is given to the ETL: the file, or the folder of a Shapefile's parts.
    name : str
        As the operator knows it.
    mapped : int
        The newest job when its recipe was written by the page; 0 for never.
    told : dict
        Everything that is noted of it.
    """

    id: str
    folder: Path
    file: Path
    name: str
    mapped: int = 0
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def own_recipe(self) -> Path:
        """Where the recipe is kept that the page makes; the ETL looks there first."""
        return self.folder / f"{self.file.name}.toml"

    @property
    def recipe(self) -> Path | None:
        """The recipe that lies beside the file, if there is one."""
        sent = (each for each in sorted(self.folder.glob("*.toml")) if not each.name.endswith(BESIDE[0]))
        return self.own_recipe if self.own_recipe.is_file() else next(sent, None)

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(each.stat().st_size for each in self.folder.rglob("*") if each.is_file())

    def place(self, name: str) -> Path:
        """Where one of its files belongs."""
        inside = self.file.is_dir() and not name.lower().endswith(BESIDE)
        return (self.file if inside else self.folder) / name


def make(home: Path, number: str, names: Sequence[str], **told: Any) -> Upload | None:
    """Make room for files that belong together; None where there is nothing among them that holds data.

    Parameters
    ----------
    home : Path
        Folder of all uploads.
    number : str
        16 hexadecimal digits that no other upload has.
    names : sequence of str
        Safe ones.
    **told : object
        What is noted of it besides.
    """
    main = [name for name in names if not name.lower().endswith(BESIDE)]
    if not main:
        return None
    stem = stem_of(main[0])
    parts = len(main) > 1 or main[0].lower().endswith(PARTS)
    folder = home / number / "files"
    (folder / stem if parts else folder).mkdir(parents=True)
    note(home, number, {"file": stem if parts else main[0], "name": f"{stem}.shp" if parts else main[0], **told})
    return find(home, number)


def note(home: Path, number: str, told: dict[str, Any]) -> None:
    """Write what is known of an upload; whole or as it was before."""
    fresh = home / number / ".writing"
    fresh.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    fresh.replace(home / number / _TOLD)


def find(home: Path, number: str) -> Upload | None:
    """One upload by its number."""
    place = home / number
    if not _ID.fullmatch(number) or not (place / _TOLD).is_file():
        return None
    told = json.loads((place / _TOLD).read_text("utf-8"))
    return Upload(number, place / "files", place / "files" / told["file"], told["name"], told.get("mapped", 0), told)


def every(home: Path) -> Iterator[Upload]:
    """Every upload there is."""
    for each in sorted(home.glob("*")):
        if made := find(home, each.name):
            yield made


def sweep(home: Path, days: int, busy: Collection[str] = ()) -> int:
    """Take away uploads and handouts that are older than so many days; how many that were.

    Parameters
    ----------
    home : Path
        Of the installation.
    days : int
    busy : collection of str
        Uploads that stay whatever their age: something of them is still under way.
    """
    old = time.time() - days * 86_400
    gone = [
        each for place in (home / FOLDER, home / FOLDER.parent / "handouts") if place.is_dir()
        for each in place.iterdir() if _ID.fullmatch(each.name) and each.name not in busy and each.stat().st_mtime < old
    ]
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
    return len(gone)


def safe_name(name: str) -> str:
    """A file's name as it may stand in a folder: its last part, without controls, not hidden, not too long."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    last = re.split(r"[/\\]", plain)[-1]
    bare = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip(_EDGES)
    stem, dot, ending = bare.rpartition(".")
    if not dot or len(ending) > _ENDING:
        stem, dot, ending = bare, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST:
        stem = stem[:-1].rstrip(_EDGES)
    return f"{stem}{dot}{ending}".strip(_EDGES) or "file"


def stem_of(name: str) -> str:
    """What a file, its recipe and the other parts of a Shapefile have in common."""
    low = name.lower()
    for ending in (*BESIDE, *PARTS):
        if low.endswith(ending):
            bare = name[: -len(ending)]
            return bare.rpartition(".")[0] or bare if ending in BESIDE and "." in bare else bare
    return name.rpartition(".")[0] or name


def stems(names: Sequence[str]) -> list[str]:
    """Which files belong together: a recipe goes with the file whose name begins like its own, or with the only one."""
    data = list(dict.fromkeys(stem_of(name) for name in names if not name.lower().endswith(BESIDE)))
    return [_stem_among(stem_of(name), data) if name.lower().endswith(BESIDE) else stem_of(name) for name in names]


def _stem_among(stem: str, data: Sequence[str]) -> str:
    if stem in data:
        return stem
    alike = [of for of in data if of.startswith(stem)] or list(data)
    return alike[0] if len(alike) == 1 else stem
