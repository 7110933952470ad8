"""Zips from outside: looked at before anything of them is unpacked, and never unpacked beyond what a county's file can be."""

from __future__ import annotations

import os
import shutil
import stat
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from etl.errors import SourceError

# DEFLATE packs zeros 1,030 to 1 (2 MB hold 2 GB); the emptiest DBF of real offices came to less than 100 to 1.
MOST_MEMBERS = 10_000
MOST_BYTES = 8 << 30
MOST_RATIO = 250
MOST_SECONDS = 300.0
_SMALL = 64 << 20  # below this no ratio harms
_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_NAMED_IN_UTF8 = 0x800  # bit 11 of the general purpose flag: PKWARE APPNOTE 6.3, 4.4.4
_LOCKED = 0x1
_LOCAL_HEADER = 30  # bytes before a member's name: 4.3.7; the lengths of name and extra field are its last four
_BREAKS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


def is_zip(head: bytes) -> bool:
    """Whether a file begins as zips do."""
    return head.startswith(_ZIP)


@lru_cache(maxsize=8)
def _listed(path: str, _size: int, _written: int) -> tuple[zipfile.ZipInfo, ...] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(each for each in archive.infolist() if not each.is_dir())
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return None


def names(file: Path) -> list[str]:
    """The names of what a zip holds, with plain slashes; nothing for a zip that cannot be opened."""
    return [name_of(each) for each in _infos(file) or () if "__MACOSX" not in each.filename]


def is_whole(file: Path) -> bool:
    """Whether a zip has its table of contents, which stands at its end."""
    return _infos(file) is not None


def _infos(file: Path) -> tuple[zipfile.ZipInfo, ...] | None:
    told = file.stat()
    return _listed(str(file), told.st_size, told.st_mtime_ns)


def name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member; Windows in Chinese writes GBK and does not say so."""
    name = info.filename
    if not info.flag_bits & _NAMED_IN_UTF8:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = name.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return name.replace("\\", "/")


def checked(file: Path) -> list[zipfile.ZipInfo]:
    """The members of a zip that may be unpacked.

    Parameters
    ----------
    file : Path
        A zip.

    Returns
    -------
    list of ZipInfo
        Without the folders and what a Mac adds.

    Raises
    ------
    SourceError
        It is broken, locked, leads out of its folder, names one member twice, or unpacks beyond every real file.
    """
    infos = _infos(file)
    if infos is None:
        raise broken(str(file))
    _check_sizes(str(file), infos)
    seen: set[str] = set()
    for each in infos:
        _check_name(str(file), each, seen)
    return [each for each in infos if "__MACOSX" not in each.filename]


def broken(place: str) -> SourceError:
    """The refusal of a file that ends too early or contradicts itself."""
    return SourceError(place, "it is broken or cut short", "ask for the file again")


def _check_sizes(place: str, infos: tuple[zipfile.ZipInfo, ...]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise SourceError(
            place,
            f"it holds {len(infos):,} files, more than {MOST_MEMBERS:,}",
            "send only the data, in a zip of its own",
        )
    whole, packed = sum(each.file_size for each in infos), sum(each.compress_size for each in infos)
    if whole > MOST_BYTES:
        raise _too_large(place)
    if whole > _SMALL and whole > MOST_RATIO * max(1, packed):
        raise _too_dense(place)


def _too_large(place: str) -> SourceError:
    return SourceError(
        place, f"unpacked it would be larger than {MOST_BYTES >> 30} GB", "send the parts in files of their own"
    )


def _too_dense(place: str) -> SourceError:
    return SourceError(
        place,
        f"it unpacks to more than {MOST_RATIO} times its size",
        "send the data unpacked, or ask who made this zip",
    )


def _check_name(place: str, info: zipfile.ZipInfo, seen: set[str]) -> None:
    name = name_of(info)
    path = PurePosixPath(name)
    linked = stat.S_ISLNK(info.external_attr >> 16)
    if ".." in path.parts or path.is_absolute() or ":" in path.parts[0] or linked:
        raise SourceError(place, f"it holds {name[:80]!r}, which leads out of its folder", "ask who made this zip")
    if info.flag_bits & _LOCKED:
        raise SourceError(place, "it is locked with a password", "send it without")
    if name in seen:
        raise SourceError(place, f"it holds {name[:80]!r} twice", "ask which of the two is meant")
    seen.add(name)


def unpack(file: Path, wanted: Callable[[str], str | None], folder: Path) -> list[Path]:
    """Write some members of a checked zip into a folder of our own, under names of our own.

    Parameters
    ----------
    file : Path
    wanted : callable
        Name of a member -> its new name without any folder; None leaves it packed.
    folder : Path
        Exists.

    Raises
    ------
    SourceError
        See `checked`; also when the disk is too small for it.
    """
    chosen = [(each, name) for each in checked(file) if (name := wanted(name_of(each)))]
    need, free = sum(each.file_size for each, _ in chosen), shutil.disk_usage(folder).free
    if need > free:
        raise SourceError(
            str(file), f"unpacked it needs {need >> 20:,} MB, and {folder} has {free >> 20:,} MB", "make room"
        )
    until = time.monotonic() + MOST_SECONDS
    with zipfile.ZipFile(file) as archive:
        return [_written(file, archive, each, folder / name, until) for each, name in chosen]


def _written(file: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, until: float) -> Path:
    try:
        with archive.open(info) as packed, to.open("wb") as out:  # never gives more than the member says of itself
            while chunk := packed.read(_CHUNK):
                out.write(chunk)
                if time.monotonic() > until:
                    raise _too_slow(str(file))
    except _BREAKS:
        raise broken(str(file)) from None
    return to


def _too_slow(place: str) -> SourceError:
    return SourceError(place, f"unpacking takes longer than {MOST_SECONDS:.0f} seconds", "send the data unpacked")


def check_contents(file: Path, most_bytes: int) -> None:
    """Unpack every member into nothing: for programs that unpack by themselves and believe no sizes.

    Parameters
    ----------
    file : Path
        A zip that `checked` let pass.
    most_bytes : int
        Of all members together.

    Raises
    ------
    SourceError
        A member is broken, larger than it says, or an XML document that declares entities.
    """
    whole, until = 0, time.monotonic() + MOST_SECONDS
    for info in checked(file):
        for n, chunk in enumerate(_inflated(file, info)):
            if n == 0 and (b"<!DOCTYPE" in chunk[:4096] or b"<!ENTITY" in chunk[:4096]):
                raise declares_entities(f"{file}/{name_of(info)}")
            whole += len(chunk)
            if whole > most_bytes or whole > _SMALL and whole > MOST_RATIO * file.stat().st_size:
                raise _too_dense(str(file))
            if time.monotonic() > until:
                raise _too_slow(str(file))


def declares_entities(place: str) -> SourceError:
    """The refusal of XML whose text is not its own: entities read other files, or grow a thousandfold."""
    return SourceError(place, "its XML declares entities of its own", "save it again from the program that made it")


def _inflated(file: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member really holds, whatever size it says."""
    try:
        with file.open("rb") as opened:
            opened.seek(info.header_offset)
            header = opened.read(_LOCAL_HEADER)
            opened.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), os.SEEK_CUR)
            left, inflating = info.compress_size, zlib.decompressobj(-15)
            stored = info.compress_type == zipfile.ZIP_STORED
            while left > 0 and (content := opened.read(min(left, 1 << 14))):
                left -= len(content)
                yield content if stored else inflating.decompress(content)
    except _BREAKS:
        raise broken(str(file)) from None
