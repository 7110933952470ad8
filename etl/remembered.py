"""Recipes that did: kept under the home of the installation, found again by the next file of the same headers."""

from __future__ import annotations

import csv as text_tables
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyogrio
from python_calamine import CalamineError, CalamineWorkbook

from etl.errors import SourceError
from etl.read import Asked, archive, kind_of, read
from etl.read.asked import kept as not_private
from etl.read.asked import plain
from etl.read.gdal import named_plainly
from etl.recipe import Recipe, read_recipe, stream_of
from geodata.settings import settings
from layers import themes

_ROWS = 20  # of a table, in which its header stands
_HEAD = 65536
_LIKE = 0.5  # a header row: half of its names are known, or it is none of the recipe's


def folder() -> Path:
    """Where the recipes are kept: <home>/recipes/<theme>/<fingerprint>.toml."""
    return settings().home / "recipes"


def fingerprint(headers: Iterable[str]) -> str:
    """What files of the same headers share, in whatever order; blanks, case, width and private columns apart."""
    names = sorted({plain(each) for each in not_private(headers) if each.strip()})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def keep(file: Path, recipe: Path) -> Path | None:
    """Keep the recipe that a file was loaded with, without its date; None where the file's kind has no headers to know it by.

    Parameters
    ----------
    file : Path
        The file that was loaded.
    recipe : Path
        Its recipe.
    """
    said = read_recipe(recipe, file)
    known = Asked(themes()[said.theme], said).headers()
    rows = [each for each in headers_in(file) if _share(each, known) >= _LIKE]
    if not rows:
        return None
    best = max(rows, key=lambda each: sum(plain(name) in known for name in each))
    to = folder() / said.theme / f"{fingerprint(best)}.toml"
    to.parent.mkdir(parents=True, exist_ok=True)
    text = re.sub(r"(?m)^as_of\s*=.*\n", "", recipe.read_text("utf-8-sig").removeprefix(_mark(recipe)))
    to.write_text(f"{_OF}{name_of(file)}\n{text}", "utf-8")
    return to


_OF = "# of: "


def name_of(file: Path) -> str:
    """What the files of one stream are called, without the day or number at the end: "点位" for "点位2025年11月.xlsx"."""
    return re.sub(r"[\d年月日期第\s_.()（）-]+$", "", stream_of(file)) or stream_of(file)


def _mark(recipe: Path) -> str:
    """The first line of a kept recipe, which says of which files it is."""
    first = recipe.read_text("utf-8-sig").partition("\n")[0]
    return f"{first}\n" if first.startswith(_OF) else ""


def is_of(recipe: Path, file: Path) -> bool:
    """Whether a kept recipe may be used unasked: for the next file of the stream, or where each stem is a stream of its own.

    Notes
    -----
    A load replaces what its source brought before. Two towns that fill in one form have one fingerprint; the second
    must not take the place of the first.
    """
    own_stream = re.search(r"(?m)^source\s*=.*\{stem\}", recipe.read_text("utf-8"))
    return own_stream is not None or _mark(recipe) == f"{_OF}{name_of(file)}\n"


def _share(headers: list[str], known: set[str]) -> float:
    names = [plain(each) for each in headers if each.strip()]
    return sum(each in known for each in names) / len(names) if names else 0.0


def is_kept(recipe: Path) -> bool:
    """Whether a recipe is one of those that are kept."""
    return folder().resolve() in recipe.resolve().parents


def find(file: Path, theme: str | None = None) -> Path | None:
    """The recipe of an earlier file with these headers.

    Parameters
    ----------
    file : Path
    theme : str, optional
        Where only recipes of one theme will do.

    Returns
    -------
    Path or None
        None also where recipes of two themes fit: then the operator has to say which. Whether it may be used unasked,
        `is_of` says.
    """
    saved = {path.stem: path for path in sorted(folder().glob(f"{theme or '*'}/*.toml"))}
    if not saved:
        return None
    found = {saved[name] for each in headers_in(file) if (name := fingerprint(each)) in saved}
    return found.pop() if len(found) == 1 else None


def headers_in(file: Path) -> Iterator[list[str]]:
    """Every row of a file that may be its header; nothing for drawings and KML, whose headers are those of any other."""
    try:
        kind = kind_of(file).name
        yield from _LOOKS.get(kind, lambda _file: iter(()))(file)
    except (SourceError, CalamineError, OSError, ValueError, zipfile.BadZipFile, pyogrio.errors.DataSourceError):
        return  # what is wrong with the file is said where it is read


def _of_text(file: Path) -> Iterator[list[str]]:
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = _decoded(head, ("utf-16",) if wide else ("utf-8-sig", "gb18030"))
    for line in text.splitlines()[:_ROWS]:
        for delimiter in ",\t;|":
            yield [each.strip() for each in next(text_tables.reader([line], delimiter=delimiter), [])]


def _decoded(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        for end in range(4):  # the last character may be cut
            try:
                return content[: len(content) - end].decode(encoding)
            except UnicodeDecodeError:
                continue
    return ""


def _of_workbook(file: Path) -> Iterator[list[str]]:
    with file.open("rb") as opened:
        if archive.is_zip(opened.read(4)):
            archive.checked(file)
    with file.open("rb") as opened, CalamineWorkbook.from_filelike(opened) as book:
        for name in book.sheet_names:
            above: list[str] = []
            for row in islice(book.get_sheet_by_name(name).iter_rows(), _ROWS):
                names = [str(each).strip() for each in row]
                yield names
                yield [each or upper for each, upper in zip(names, above, strict=False)]
                above = names


def _of_layers(file: Path) -> Iterator[list[str]]:
    file = named_plainly(file)
    for layer, _kind in pyogrio.list_layers(file):
        yield [str(each) for each in pyogrio.read_info(file, layer=layer)["fields"]]


def _of_rows(file: Path) -> Iterator[list[str]]:
    """Of kinds that are read whole to know their headers."""
    first, *others = themes().values()
    yield [str(each) for each in read(file, Asked(first, Recipe(theme=first.name, source=first.name), tuple(others))).frame]


_DBF_HEADER, _DBF_FIELD, _DBF_NAME, _DBF_END = 32, 32, 11, 0x0D  # dBASE III: bytes, and the mark after the last field


def _of_shapefile(file: Path) -> Iterator[list[str]]:
    for head in _dbf_heads(file):
        fields = head[_DBF_HEADER:]
        names = []
        for at in range(0, len(fields), _DBF_FIELD):
            if fields[at] == _DBF_END:
                break
            names.append(fields[at : at + _DBF_NAME].split(b"\0")[0])
        encoding = "utf-8" if all(_is_utf8(each) for each in names) else "gb18030"
        yield [each.decode(encoding, "ignore") for each in names]


def _is_utf8(name: bytes) -> bool:
    """Whether a name is UTF-8, cut inside its last character or not."""
    return any(_decodes(name[: len(name) - end]) for end in range(min(4, len(name) + 1)))


def _decodes(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _dbf_heads(file: Path) -> Iterator[bytes]:
    if file.is_dir() or not zipfile.is_zipfile(file):
        for each in file.iterdir() if file.is_dir() else file.parent.glob(f"{file.stem}.*"):
            if each.suffix.lower() == ".dbf":
                with each.open("rb") as opened:
                    yield opened.read(_HEAD)
        return
    with zipfile.ZipFile(file) as packed:
        for info in archive.checked(file):
            if info.filename.lower().endswith(".dbf"):
                with packed.open(info) as member:
                    yield member.read(_HEAD)


_LOOKS: dict[str, Callable[[Path], Iterator[list[str]]]] = {
    "CSV": _of_text,
    "Excel": _of_workbook,
    "Shapefile": _of_shapefile,
    "GeoPackage": _of_layers,
    "FlatGeobuf": _of_layers,
    "GeoJSON": _of_layers,
    **dict.fromkeys(("JSON", "HTML", "zip"), _of_rows),
}
