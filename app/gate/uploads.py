"""What a browser sends: each upload in a folder of its own under the home, whole or not there."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from anyio import to_thread

from app.errors import GateError
from geodata import uploads
from geodata.uploads import Upload, safe_name, stems

MOST_FILES = 60
SPARE = 64 * 2**20
"""Bytes that stay free on the disk whatever comes."""

class Uploads:
    """The uploads of an installation.

    Parameters
    ----------
    home : Path
        Of the installation; they lie in its folder ``gate/uploads``.
    limit : int
        Bytes that the files of one upload may have together.
    """

    def __init__(self, home: Path, limit: int) -> None:
        self.home, self.limit = home / uploads.FOLDER, limit

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
        of = stems(clean)
        ids = {stem: secrets.token_hex(8) for stem in dict.fromkeys(of)}
        for stem, number in ids.items():
            together = [name for name, other in zip(clean, of, strict=True) if other == stem]
            if uploads.make(self.home, number, together, operator=operator) is None:
                raise GateError(400, f"{together[0]}：只有配方，没有数据文件；请一起上传。", f"{together[0]}: it is a recipe without a file; send both.")
        return [{"upload": ids[stem], "name": name} for name, stem in zip(clean, of, strict=True)]

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
        found = uploads.find(self.home, number)
        if found is None:
            raise GateError(404, "上传：没有这个文件；请重新上传。", "upload: there is none of this number; send the file again.")
        return found

    def map(self, number: str, recipe: str, newest: int) -> None:
        """Lay a recipe beside an upload's file.

        Parameters
        ----------
        number : str
        recipe : str
            TOML.
        newest : int
            The newest job so far: what was worked out until now is of another reading of the file.

        Raises
        ------
        GateError
            The disk is full, or the recipe cannot be written.
        """
        upload = self.at(number)
        fresh = upload.folder.parent / ".recipe"
        try:
            fresh.write_text(recipe, "utf-8")
            fresh.replace(upload.own_recipe)
            uploads.note(self.home, number, upload.told | {"mapped": newest})
        except OSError as problem:
            raise _full() if problem.errno in (errno.ENOSPC, errno.EDQUOT) else _unwritten(upload.own_recipe.name, problem) from None

    async def receive(self, number: str, name: str, body: AsyncIterator[bytes], modified: float | None = None) -> int:
        """Write one file; its size.

        Raises
        ------
        GateError
            It is larger than allowed, or the disk is full: then nothing of it is left.
        """
        upload = self.at(number)
        clean = safe_name(name)
        to = upload.place(clean)
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
