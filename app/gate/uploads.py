"""What a browser sends: each upload in a folder of its own under the home, whole or not there."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread

from app.errors import GateError

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".shp.xml", ".fbn", ".fbx", ".ain", ".aih")
"""Endings of the parts of one Shapefile."""

BESIDE = (".corrections.toml", ".toml")
"""What may lie beside a file: its corrections and its recipe."""

MOST_FILES = 60
SPARE = 64 * 2**20
"""Bytes that stay free on the disk whatever comes."""

_ID = re.compile(r"[0-9a-f]{16}")
_LONGEST, _ENDING = 120, 12  # bytes of a name, letters of its ending
_EDGES = " .-~"


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload.

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
    """

    id: str
    folder: Path
    file: Path
    name: str
    mapped: int = 0

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


class Uploads:
    """The uploads of an installation.

    Parameters
    ----------
    home : Path
        Of the installation; they lie in its folder ``uploads``.
    limit : int
        Bytes that the files of one upload may have together.
    """

    def __init__(self, home: Path, limit: int) -> None:
        self.home, self.limit = home / "uploads", limit

    def begin(self, names: Sequence[str], sizes: Sequence[int], operator: str) -> list[dict[str, str]]:
        """Make room for files that a browser wants to send, a folder for each file and one for the parts of a Shapefile.

        Returns
        -------
        list of dict
            upload and name for each file, in their order.

        Raises
        ------
        GateError
            Too many, too large, or no room for them.
        """
        if not names or len(names) > MOST_FILES or len(names) != len(sizes):
            raise GateError(400, f"上传：一次 1 至 {MOST_FILES} 个文件；请分次上传。", f"upload: one to {MOST_FILES} files at a time; send fewer.")
        self._refuse_large(sum(sizes))
        clean = [safe_name(each) for each in names]
        stems = _stems(clean)
        ids = {stem: secrets.token_hex(8) for stem in dict.fromkeys(stems)}
        for stem, number in ids.items():
            self._make(number, stem, [name for name, of in zip(clean, stems, strict=True) if of == stem], operator)
        return [{"upload": ids[stem], "name": name} for name, stem in zip(clean, stems, strict=True)]

    def _make(self, number: str, stem: str, names: list[str], operator: str) -> None:
        main = [name for name in names if not name.lower().endswith(BESIDE)]
        if not main:
            raise GateError(400, f"{names[0]}：只有配方，没有数据文件；请一起上传。", f"{names[0]}: it is a recipe without a file; send both.")
        parts = len(main) > 1 or main[0].lower().endswith(PARTS)
        folder = self.home / number / "files"
        (folder / stem if parts else folder).mkdir(parents=True)
        told = {"file": stem if parts else main[0], "name": f"{stem}.shp" if parts else main[0], "operator": operator}
        (folder.parent / "upload.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")

    def _refuse_large(self, size: int) -> None:
        if size > self.limit:
            most = f"{self.limit / 2**20:,.0f} MB"
            raise GateError(
                413, f"上传：共 {size / 2**20:,.0f} MB，上限 {most}；请分块上传，或在服务器上用 ./onemap load。",
                f"upload: {size / 2**20:,.0f} MB are more than the limit of {most}; send less, or use ./onemap load on the server.",
            )
        self.home.mkdir(parents=True, exist_ok=True)
        if size + SPARE > shutil.disk_usage(self.home).free:
            raise _full()

    def at(self, number: str) -> Upload:
        """One upload.

        Raises
        ------
        GateError
            There is none of this number.
        """
        place = self.home / number
        if not _ID.fullmatch(number) or not (place / "upload.json").is_file():
            raise GateError(404, "上传：没有这个文件；请重新上传。", "upload: there is none of this number; send the file again.")
        told = json.loads((place / "upload.json").read_text("utf-8"))
        return Upload(number, place / "files", place / "files" / told["file"], told["name"], told.get("mapped", 0))

    def map(self, number: str, recipe: str, newest: int) -> None:
        """Lay a recipe beside an upload's file.

        Parameters
        ----------
        number : str
        recipe : str
            TOML.
        newest : int
            The newest job so far: what was worked out until now is of another reading of the file.
        """
        upload, place = self.at(number), self.home / number / "upload.json"
        said = json.loads(place.read_text("utf-8")) | {"mapped": newest}
        for file, text in ((upload.own_recipe, recipe), (place, json.dumps(said, ensure_ascii=False))):
            fresh = self.home / number / ".writing"
            try:
                fresh.write_text(text, "utf-8")
                fresh.replace(file)
            except OSError as problem:
                raise _full() if problem.errno in (errno.ENOSPC, errno.EDQUOT) else _unwritten(file.name, problem) from None

    async def receive(self, number: str, name: str, body: AsyncIterator[bytes], modified: float | None = None) -> int:
        """Write one file; its size.

        Raises
        ------
        GateError
            It is larger than allowed, or the disk is full: then nothing of it is left.
        """
        upload = self.at(number)
        clean = safe_name(name)
        to = (upload.file if upload.file.is_dir() and not clean.lower().endswith(BESIDE) else upload.folder) / clean
        part = to.with_name(f".{clean[:80]}.part")
        try:
            size = await _written(part, body, self.limit - upload.bytes)
            if modified:
                os.utime(part, (modified, modified))
            part.replace(to)
        except OSError as problem:
            part.unlink(missing_ok=True)
            raise _full() if problem.errno in (errno.ENOSPC, errno.EDQUOT) else _unwritten(clean, problem) from None
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return size


async def _written(part: Path, body: AsyncIterator[bytes], room: int) -> int:
    size = 0
    with part.open("wb") as opened:
        async for block in body:
            size += len(block)
            if size > room:
                raise GateError(413, "上传：超过大小上限；请分块上传。", "upload: it is larger than the limit; send less.")
            await to_thread.run_sync(opened.write, block)
        opened.flush()
        os.fsync(opened.fileno())
    return size


def _full() -> GateError:
    return GateError(507, "上传：服务器磁盘已满，什么也没有保存；请联系管理员清理磁盘。", "upload: the server's disk is full and nothing was kept; free some space.")


def _unwritten(name: str, problem: OSError) -> GateError:
    return GateError(500, f"{name}：无法保存（{problem.strerror}）；请联系管理员。", f"{name}: it could not be kept ({problem.strerror}); ask who runs the server.")


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


def _stems(names: Sequence[str]) -> list[str]:
    """Which files belong together: a recipe goes with the file whose name begins like its own, or with the only one."""
    data = list(dict.fromkeys(stem_of(name) for name in names if not name.lower().endswith(BESIDE)))
    return [_stem_among(stem_of(name), data) if name.lower().endswith(BESIDE) else stem_of(name) for name in names]


def _stem_among(stem: str, data: Sequence[str]) -> str:
    alike = [of for of in data if of.startswith(stem)]
    return stem if stem in data else (alike or list(data) or [stem])[0] if len(alike or data) == 1 else stem


def told(upload: Upload) -> dict[str, Any]:
    """An upload for the page."""
    return {"id": upload.id, "name": upload.name, "bytes": upload.bytes}
