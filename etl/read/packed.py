"""A zip around one file of any other kind: a table or a map that somebody packed to send it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked

_ENDINGS = (
    ".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".geojson", ".json", ".geojsonl", ".ndjson", ".jsonl",
    ".gpkg", ".fgb", ".dxf",
)  # fmt: skip
_PERHAPS = (".txt",)  # a table, or what somebody wrote about one


def knows(file: Path, head: bytes) -> bool:
    """Whether it is a zip that holds a file whose name says that it is a table or a map."""
    return archive.is_zip(head) and bool(_inside(archive.names(file)))


def _inside(names: list[str]) -> list[str]:
    for endings in (_ENDINGS, _PERHAPS):
        if found := [each for each in names if each.lower().endswith(endings) and not _hidden(each)]:
            return found
    return []


def _hidden(name: str) -> bool:
    """Whether it is a file that a program left open or a system made for itself."""
    return PurePosixPath(name).name.startswith((".", "~$"))


def name_in(file: Path, said: str | None = None) -> str:
    """The name of the one file to read.

    Parameters
    ----------
    file : Path
        A zip.
    said : str, optional
        The name that the recipe says, with or without folder and ending.

    Raises
    ------
    SourceError
        The zip may not be unpacked; or it holds several files and none is said.
    """
    found = _inside([archive.name_of(each) for each in archive.checked(file)])
    if said is not None:
        path = PurePosixPath
        found = [each for each in found if said in (each, path(each).name, path(each).stem)] or found
    if len(found) != 1:
        listed = ", ".join(found[:8])
        raise SourceError(
            str(file), f"it holds {listed}", f'write layer = "{PurePosixPath(found[0]).name}" in the recipe, or send one file for each'
        )
    return found[0]


@contextmanager
def unpacked(file: Path, asked: Asked) -> Iterator[tuple[Path, str, Asked]]:
    """The file inside, in a folder that is thrown away; its name in the zip; and what to look for in it.

    Raises
    ------
    SourceError
        See `name_in`; also where it is broken, or the disk has no room.
    """
    said = asked.recipe.layer
    name = name_in(file, said)
    named = said in (name, PurePosixPath(name).name, PurePosixPath(name).stem)
    with tempfile.TemporaryDirectory(prefix="onemap-") as folder:
        plain = f"inside{PurePosixPath(name).suffix.lower()}"
        [inside] = archive.unpack(file, lambda each: plain if each == name else None, Path(folder))
        yield inside, name, replace(asked, recipe=replace(asked.recipe, layer=None)) if named else asked
