"""The watched folder: what is laid into it becomes a job; loaded when it is clean, else it waits for somebody with its report.

::

    FOLDER/            files are laid here, or into a folder with a theme's name
    FOLDER/done/       what was loaded, by day, each with its report beside it
    FOLDER/waiting/    more rows than the tolerance would be set aside: somebody has to look
    FOLDER/refused/    what cannot be loaded as it is

All of them can be opened at /data, mapped, rehearsed and published there. The watcher keeps no state of its own: one that is
killed goes on where it was.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import Engine

from etl.errors import SourceError
from geodata import jobs, uploads
from geodata.door import Door
from geodata.jobs import Job
from geodata.uploads import Upload
from geodata.writing import write
from layers import themes

STILL_S = 3.0
"""Seconds in which a file must not grow to be whole: copying over a slow line writes oftener."""

OPERATOR = "watch"

_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download", ".lock", ".swp")
_PLACES = ("done", "waiting", "refused")

Seen = dict[Path, tuple[int, int]]


class Watch:
    """A folder that is watched.

    Parameters
    ----------
    engine : Engine
    folder : Path
    home : Path
        Of the installation: the files go to its uploads.

    Raises
    ------
    SourceError
        There is no such folder, or it cannot be written to.
    """

    def __init__(self, engine: Engine, folder: Path, home: Path) -> None:
        self.folder, self.home, self._door = folder.absolute(), home / uploads.FOLDER, Door(engine)
        if not self.folder.is_dir() or not os.access(self.folder, os.W_OK):
            raise SourceError(str(folder), "it is no folder that can be written to", "make it, or name another")

    def go(self, due: Callable[[], float], ended: Event) -> None:
        """Watch until told to end.

        Parameters
        ----------
        due : callable
            Seconds until the next look.
        ended : Event
        """
        while not ended.is_set():
            self.take(ended)
            until = datetime.now() + timedelta(seconds=due())
            while not ended.is_set() and datetime.now() < until:
                ended.wait(min(1.0, max(0.0, (until - datetime.now()).total_seconds())))
                self.settle()

    def take(self, ended: Event) -> int:
        """Order a load of everything that lies there whole; how many that were."""
        before = _seen(self.folder)
        if not before or ended.wait(STILL_S):
            return 0
        after = _seen(self.folder)
        taken = 0
        for together in _groups(after):
            if all(before.get(each) == after[each] for each in together):
                taken += self._order(together)
        return taken

    def _order(self, files: list[Path]) -> bool:
        number = secrets.token_hex(8)
        safe = {each: uploads.safe_name(each.name) for each in files}
        made = uploads.make(self.home, number, list(safe.values()), operator=OPERATOR, watched=str(self.folder), settled=False)
        if made is None:
            return False  # a recipe whose file is still to come
        for each, name in safe.items():
            with suppress(FileNotFoundError):  # its sender has taken it back
                shutil.move(each, made.place(name))
        theme = files[0].parent.name if files[0].parent != self.folder else None
        words = [str(made.file), *([f"--theme={theme}"] if theme else []), "--if-clean", f"--html={_page(made)}", f"--operator={OPERATOR}", "--json"]
        write(self._door, lambda line: jobs.order(line, "load", words, about=made.name, upload=number, origin="watch", operator=OPERATOR))
        return True

    def settle(self) -> int:
        """Bring what is done back into the folder, with its report; how many still run."""
        running = 0
        for each in uploads.every(self.home):
            if each.told.get("watched") == str(self.folder) and not each.told.get("settled"):
                running += not self._settled(each)
        return running

    def _settled(self, upload: Upload) -> bool:
        mine = [each for each in self._door.ask(lambda reader: jobs.of_upload(reader, upload.id)) if each.origin == "watch"]
        if not mine or mine[0].open:
            return False
        last = mine[0]
        if last.verb == "load" and last.state == "refused" and last.exit_code == 1:
            self._look_closer(upload, last)
            return False
        place = "done" if last.state == "done" and last.verb == "load" else "waiting" if last.verb == "check" else "refused"
        self._lay(upload, last, place)
        uploads.note(self.home, upload.id, upload.told | {"settled": True})
        return True

    def _look_closer(self, upload: Upload, load: Job) -> None:
        """A file that is not clean: what is wrong with it, row by row."""
        words = [each for each in load.words if each != "--if-clean"]
        write(self._door, lambda line: jobs.order(line, "check", words, about=upload.name, upload=upload.id, origin="watch", operator=OPERATOR))

    def _lay(self, upload: Upload, job: Job, place: str) -> None:
        to = self.folder / place / f"{datetime.now():%Y-%m-%d}"
        to.mkdir(parents=True, exist_ok=True)
        own = _free(to, upload.name)
        for each in sorted(upload.folder.rglob("*")):
            if each.is_file():
                _linked(each, to / (own if each == upload.file else _free(to, each.name)))
        report = self._door.ask(lambda reader: jobs.report(reader, job.id)) if job.state == "done" else None
        said = report or json.dumps({"job": job.id, "state": job.state, "exit_code": job.exit_code, "said": job.said}, ensure_ascii=False, indent=2)
        (to / f"{own}.report.json").write_text(said, "utf-8")
        if _page(upload).is_file():
            _linked(_page(upload), to / f"{own}.report.html")


def _page(upload: Upload) -> Path:
    return upload.folder.parent / "report.html"


def _linked(file: Path, to: Path) -> None:
    """The same bytes in another place, without room for them twice where that can be."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)


def _free(folder: Path, name: str) -> str:
    """A name that is free in a folder: the same file may come twice a day."""
    stem, dot, ending = name.partition(".")
    names = (name, *(f"{stem} {n}{dot}{ending}" for n in range(2, 10_000)))
    return next(each for each in names if not (folder / each).exists())


def _seen(folder: Path) -> Seen:
    """Every file that lies in the folder or in one of a theme, with its size and time."""
    found: Seen = {}
    for place in (folder, *(folder / name for name in themes())):
        for each in sorted(place.iterdir()) if place.is_dir() else ():
            hidden = each.name.startswith((".", "~$")) or each.name.lower().endswith(_UNFINISHED)
            with suppress(FileNotFoundError):
                if each.is_file() and not hidden:
                    found[each] = (each.stat().st_size, each.stat().st_mtime_ns)
    return found


def _groups(seen: Seen) -> Iterator[list[Path]]:
    """Files that belong together, those of lower themes after those that they stand on."""
    order = {name: n for n, name in enumerate(themes())}
    for place in sorted({each.parent for each in seen}, key=lambda each: order.get(each.name, len(order))):
        files = [each for each in seen if each.parent == place]
        of = uploads.stems([each.name for each in files])
        for stem in dict.fromkeys(of):
            yield [each for each, other in zip(files, of, strict=True) if other == stem]


def every(seconds: float) -> Callable[[], float]:
    """A look every so many seconds."""
    return lambda: seconds


def daily(at: time) -> Callable[[], float]:
    """A look a day, at a time of day."""
    def due() -> float:
        """Seconds until that time of day comes next, by this machine's clock."""
        now = datetime.now()
        today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        return ((today if today > now else today + timedelta(days=1)) - now).total_seconds()

    return due
