"""Where one upload stands: what was found out about it, and which step comes next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.jobs import Job
from geodata.uploads import Upload

STEPS = ("file", "guess", "map", "check", "rehearse", "load")
"""文件 → 识别 → 字段 → 检查 → 预演 → 发布."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An upload with its jobs.

    Parameters
    ----------
    upload : Upload
    size : int
        Bytes.
    jobs : mapping of str to Job
        The newest job of each verb that still holds: none that is older than the recipe or than a step before it.
    recipe : mapping
        What lies beside the file; empty where nothing does.
    mapped : int
        The newest job when the recipe was written: it and those before it are of another reading of the file.
    sources : mapping of str to sequence of str
        Theme -> streams of files that the store knows.
    """

    upload: Upload
    size: int = 0
    jobs: Mapping[str, Job] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    mapped: int = 0
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def report(self, verb: str) -> Mapping[str, Any]:
        """The report of a step that is done; empty for any other."""
        job = self.jobs.get(verb)
        return (job.shown or {}) if job and job.state == "done" else {}

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return any(each.open for each in self.jobs.values())

    @property
    def current(self) -> str:
        """The step that the operator stands at."""
        if not self.report("guess"):
            return "guess"
        if self.report("load"):
            return "load"
        if self.report("rehearse"):
            return "load" if self.report("rehearse").get("rehearsal") else "rehearse"
        if "rehearse" in self.jobs:
            return "rehearse"
        return "check" if "check" in self.jobs else "map"

    @property
    def mended(self) -> bool:
        """Whether it brings rows back that were set aside: those are read as they were read before."""
        return bool(self.report("guess").get("mended"))


def arrival(
    upload: Upload, jobs: Sequence[Job], recipe: Mapping[str, Any], sources: Mapping[str, Sequence[str]] | None = None
) -> Arrival:
    """An upload as its jobs left it.

    Parameters
    ----------
    upload : Upload
    jobs : sequence of Job
        Newest first.
    recipe : mapping
    sources : mapping of str to sequence of str, optional
    """
    newest: dict[str, Job] = {}
    for each in jobs:
        newest.setdefault(each.verb, each)
    holding = {verb: job for verb, job in newest.items() if _holds(job, newest, upload.mapped)}
    return Arrival(upload, upload.bytes, holding, recipe, upload.mapped, sources or {})


_BEFORE = {"check": ("guess",), "rehearse": ("guess", "check"), "load": ("guess", "check", "rehearse")}


def _holds(job: Job, newest: Mapping[str, Job], mapped: int) -> bool:
    """Whether a job was made of the file as it is read now; what was published stays published."""
    if job.verb == "load" and job.state == "done":
        return all(job.id > newest[verb].id for verb in ("rehearse",) if verb in newest)
    after = all(job.id > newest[verb].id for verb in _BEFORE.get(job.verb, ()) if verb in newest)
    return after and (job.verb == "guess" or job.id > mapped)
