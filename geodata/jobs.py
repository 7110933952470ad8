"""The queue between those who order and those who load: jobs are made, claimed, watched, called back and done.

A job is alive while somebody holds its lock, an advisory one that PostgreSQL gives back when its holder dies. One that is
said to run and that nobody holds has lost its runner, and is claimed again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from geodata.door import Reader
from geodata.errors import UnknownJob

LOCKS = 20_062
"""First number of a job's advisory lock; the second is the job's own."""

ATTEMPTS = 3
"""A job whose runner died so often has killed it, and is not begun again."""

OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One line of the queue.

    Parameters
    ----------
    id : int
    verb : str
        Of the command line.
    words : sequence of str
        What stands behind the verb.
    about, upload, origin, operator, note : str
        What it is about, which upload it belongs to, where it came from ("page", "watch"), who ordered it and why.
    state : str
        "waiting", "running", "done", "refused" (the command said no), "cancelled", "broken" (its run broke off).
    step, share : str and float
        Where it is.
    attempts : int
    cancelled : bool
        Whether the operator has called it back; a runner that sees it ends the job.
    exit_code : int, optional
    said : str, optional
        What the command said beside its report.
    made, started, finished : datetime
    shown : mapping, optional
        The report, shortened for a page.
    """

    id: int
    verb: str
    words: Sequence[str]
    about: str | None = None
    upload: str | None = None
    origin: str = "page"
    operator: str = "operator"
    note: str | None = None
    state: str = "waiting"
    step: str | None = None
    share: float | None = None
    attempts: int = 0
    cancelled: bool = False
    exit_code: int | None = None
    said: str | None = None
    made: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    shown: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in OPEN


_LINE = (
    "id, verb, words, about, upload, origin, operator, note, state, step, share, attempts, cancelled, exit_code, said, made, "
    "started, finished"
)


def order(writer: Reader, verb: str, words: Sequence[str], **more: str | None) -> int:
    """Put a job into the queue; its number.

    Parameters
    ----------
    writer : Reader
        Of `geodata.writing.write`.
    verb : str
    words : sequence of str
    **more : str
        about, upload, origin, operator, note.
    """
    said = {"origin": "page", "operator": "operator", "about": None, "upload": None, "note": None} | more
    question = """INSERT INTO onemap.jobs (verb, words, about, upload, origin, operator, note)
        VALUES (:verb, CAST(:words AS json), :about, :upload, :origin, :operator, :note) RETURNING id"""
    return int(writer.value(question, verb=verb, words=json.dumps(list(words), ensure_ascii=False), **said))


def claim(writer: Reader, verbs: Sequence[str] | None = None) -> Job | None:
    """Take the next job, and hold its lock on this connection until `release`.

    Parameters
    ----------
    writer : Reader
        On a connection that stays open as long as the job runs.
    verbs : sequence of str, optional
        Of these only.

    Returns
    -------
    Job or None
        None when nothing waits and nothing was left behind.
    """
    question = f"""SELECT {_LINE} FROM onemap.jobs j WHERE (state = 'waiting' OR state = 'running' AND NOT {_HELD})
        AND (CAST(:verbs AS text[]) IS NULL OR verb = ANY(:verbs)) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608
    found = writer.first(question, verbs=list(verbs) if verbs else None, locks=LOCKS)
    if found is None or not writer.value("SELECT pg_try_advisory_lock_shared(:locks, :id)", locks=LOCKS, id=found["id"]):
        return None
    begun = f"""UPDATE onemap.jobs SET state = 'running', attempts = attempts + 1, started = clock_timestamp(), step = NULL,
        share = NULL WHERE id = :id RETURNING {_LINE}"""  # noqa: S608
    row = writer.first(begun, id=found["id"])
    assert row is not None, found
    return Job(**row)


_HELD = """EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid::bigint = :locks
    AND l.objid::bigint = j.id AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))"""


def hold(writer: Reader, number: int, attempt: int) -> bool:
    """Hold a job's lock on this connection too; False when another runner has begun the job since."""
    writer.value("SELECT pg_advisory_lock_shared(:locks, :id)", locks=LOCKS, id=number)
    now = writer.value("SELECT attempts FROM onemap.jobs WHERE id = :id AND state = 'running'", id=number)
    return bool(now == attempt)


def release(writer: Reader, number: int) -> None:
    """Give a job's lock back."""
    writer.value("SELECT pg_advisory_unlock_shared(:locks, :id)", locks=LOCKS, id=number)


def note_progress(writer: Reader, number: int, step: str, share: float | None) -> None:
    """Say where a job is."""
    writer.first("UPDATE onemap.jobs SET step = :step, share = :share WHERE id = :id RETURNING id", id=number, step=step, share=share)


def finish(
    writer: Reader, number: int, state: str, exit_code: int | None, report: str | None, shown: Any = None, said: str | None = None
) -> None:
    """Write what became of a job."""
    done = """UPDATE onemap.jobs SET state = :state, exit_code = :exit_code, report = :report, shown = CAST(:shown AS json),
        said = :said, finished = clock_timestamp(), step = NULL, share = NULL WHERE id = :id RETURNING id"""
    short = None if shown is None else json.dumps(shown, ensure_ascii=False, default=str)
    writer.first(
        done, id=number, state=state, exit_code=exit_code, report=None if report is None else report.replace("\x00", ""),
        shown=short, said=said,
    )  # fmt: skip


def put_back(writer: Reader, number: int, *, blameless: bool = False) -> None:
    """Let a job wait again whose run broke off; blameless where its runner was told to end."""
    back = """UPDATE onemap.jobs SET state = 'waiting', step = NULL, share = NULL, attempts = attempts - :less
        WHERE id = :id RETURNING id"""
    writer.first(back, id=number, less=int(blameless))


def cancel(writer: Reader, number: int) -> None:
    """Call a job back: one that waits is gone at once, one that runs is ended by its runner.

    Raises
    ------
    UnknownJob
    """
    gone = """UPDATE onemap.jobs SET cancelled = true, finished = CASE state WHEN 'waiting' THEN clock_timestamp() END,
        state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END
        WHERE id = :id AND state IN ('waiting', 'running') RETURNING id"""
    if writer.first(gone, id=number) is None:
        one(writer, number)


def end_questions(writer: Reader, name: str) -> int:
    """End what a job that was called back still asks of the store; the number of its connections."""
    question = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = :name AND datname = current_database() AND pid <> pg_backend_pid()"""
    return int(writer.value(question, name=name))


def one(reader: Reader, number: int) -> Job:
    """One job with its shortened report.

    Raises
    ------
    UnknownJob
    """
    row = reader.first(f"SELECT {_LINE}, shown FROM onemap.jobs WHERE id = :id", id=number)  # noqa: S608
    if row is None:
        raise UnknownJob(f"job {number}", "there is no such job", "use one that the list of jobs shows")
    return Job(**row)


def report(reader: Reader, number: int) -> str | None:
    """The whole report of a job, as the command line prints it."""
    found: str | None = reader.value("SELECT report FROM onemap.jobs WHERE id = :id", id=number)
    return found


def is_cancelled(reader: Reader, number: int) -> bool:
    """Whether the operator has called a job back."""
    return bool(reader.value("SELECT cancelled FROM onemap.jobs WHERE id = :id", id=number))


def listed(reader: Reader, n: int = 100) -> tuple[Job, ...]:
    """The last jobs, newest first, without their reports."""
    return tuple(Job(**row) for row in reader.all(f"SELECT {_LINE} FROM onemap.jobs ORDER BY id DESC LIMIT :n", n=n))  # noqa: S608


def of_upload(reader: Reader, upload: str) -> tuple[Job, ...]:
    """The jobs of an upload, newest first; the newest of each verb with its report."""
    question = f"""SELECT {_LINE}, CASE WHEN id = max(id) OVER (PARTITION BY verb) THEN shown END AS shown
        FROM onemap.jobs WHERE upload = :upload ORDER BY id DESC"""  # noqa: S608
    return tuple(Job(**row) for row in reader.all(question, upload=upload))


def uploads(reader: Reader, n: int = 20) -> tuple[Job, ...]:
    """The newest job of each of the last uploads, newest first."""
    question = f"""SELECT * FROM (SELECT DISTINCT ON (upload) {_LINE} FROM onemap.jobs
        WHERE upload IS NOT NULL ORDER BY upload, id DESC) newest ORDER BY id DESC LIMIT :n"""  # noqa: S608
    return tuple(Job(**row) for row in reader.all(question, n=n))


def busy(reader: Reader) -> set[str]:
    """Uploads of which something is still to be done."""
    return {row["upload"] for row in reader.all("SELECT DISTINCT upload FROM onemap.jobs WHERE state IN ('waiting', 'running') AND upload IS NOT NULL")}


RUNNER = "onemap runner"
"""Under which name a runner is known to the store."""


def runner_at_work(reader: Reader) -> bool:
    """Whether any runner is connected to the store."""
    question = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = :name AND datname = current_database())"
    return bool(reader.value(question, name=RUNNER))


def waiting(reader: Reader) -> tuple[int, datetime | None, float]:
    """How many jobs nobody has begun, when the oldest was ordered, and how many seconds ago."""
    question = """SELECT count(*) AS n, min(made) AS since, coalesce(extract(epoch FROM clock_timestamp() - min(made)), 0) AS seconds
        FROM onemap.jobs WHERE state = 'waiting'"""
    row = reader.first(question)
    assert row is not None
    return int(row["n"]), row["since"], float(row["seconds"])


def newest(reader: Reader) -> int:
    """The number of the newest job; 0 where there is none."""
    return int(reader.value("SELECT coalesce(max(id), 0) FROM onemap.jobs"))


def of_verb(reader: Reader, verb: str, n: int = 10) -> tuple[Job, ...]:
    """The last jobs of one verb, newest first, with their reports."""
    question = f"SELECT {_LINE}, shown FROM onemap.jobs WHERE verb = :verb ORDER BY id DESC LIMIT :n"  # noqa: S608
    return tuple(Job(**row) for row in reader.all(question, verb=verb, n=n))
