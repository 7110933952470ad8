"""A file that lies in parts against the same rules: those that hold rows against each other get them from wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np
import pandas as pd

from etl import progress
from etl.bring import Brought
from etl.check import Checked, check, errors_in, said_of, set_apart, warnings_in
from etl.clean import Cleaned
from etl.findings import Finding
from etl.job import Job
from etl.rules import RULES, Ground, Matter, Rule, by_name
from etl.rules.uniqueness import DUPLICATE_KEY, said_again
from etl.shelf import Shelf

_TOGETHER = tuple(each for each in RULES if each.together and each is not DUPLICATE_KEY)
_OF_ALL = tuple(by_name()[name] for name in ("shrunk", "keys_renewed"))

# Standing keys that the rules on a whole file are told of; where fewer stand they say nothing.
_FIRST = 20


def check_parts(job: Job, parts: Sequence[Brought], ground: Ground) -> Sequence[Checked]:
    """Every rule on every row of a file.

    Parameters
    ----------
    job : Job
    parts : sequence of Brought
        One for a file that is small.
    ground : Ground

    Returns
    -------
    sequence of Checked
        One for each part; what is odd about the file as a whole stands in the first.

    Notes
    -----
    Rows that say the same, contradict each other or share a place are found through the whole file, by numbers of 64 bits;
    the rules then look at those rows. Shares of rows (most names alike, most codes of one length) are those of a part.
    """
    if len(parts) == 1:
        only = parts[0]
        return [check(only.rows, job.theme, only.hashes, ground, job.as_of, only.raw, job.recipe, partial=job.partial)]
    through = _Through(job, parts, ground.in_parts())
    for n in range(len(parts)):
        progress.step("check", n / len(parts) / 2)
        through.errors(n)
    twice, again = through.repeated()
    for n in range(len(parts)):
        progress.step("check", (1 + n / len(parts)) / 2)
        through.settle(n, twice, again)
    through.look_together()
    return through.settled


class _Settled(Shelf[Checked]):
    """What was found in each part, with what was found in several of them together."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.more: dict[int, list[Finding]] = {}

    def __getitem__(self, n: int) -> Checked:  # type: ignore[override]
        found = super().__getitem__(n)
        found.warnings += self.more.get(n, [])
        return found


@dataclass
class _Through:
    """The steps of a check, each through all parts."""

    job: Job
    parts: Sequence[Brought]
    ground: Ground
    good: list[np.ndarray] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    met: int = 0
    example: str = ""

    def __post_init__(self) -> None:
        place = str(self.job.file)
        self.first, self.settled = Shelf[Checked](place), _Settled(place)
        self.prints = Shelf[dict[str, np.ndarray]](place)

    def matter(self, part: Brought) -> Matter:
        """One part, with the standing rows that have its keys."""
        keys = part.rows.frame[self.job.theme.key]
        ground = self.ground.of_keys([each for each in keys if isinstance(each, str)])
        return self._held(part.rows, part.hashes, ground, part)

    def _held(self, rows: Cleaned, hashes: np.ndarray, ground: Ground, part: Brought | None = None) -> Matter:
        job = self.job
        return Matter(
            job.theme, rows, hashes, ground, as_of=job.as_of, raw=part.raw if part else None, recipe=job.recipe, partial=True
        )

    def errors(self, n: int) -> None:
        """Look at the rows of a part by themselves, and number those that may concern others."""
        whole = self.matter(self.parts[n])
        done = errors_in(whole)
        self.first.put(done)
        self.prints.put({each.name: each.together(whole) for each in (DUPLICATE_KEY, *_TOGETHER) if each.together})
        self.good.append(done.good)
        self.ends.append(int(whole.frame.index[-1]))
        self.met += len(whole.standing)
        self.example = self.example or next((key for key in whole.keys if key), "")

    def repeated(self) -> tuple[list[Finding], pd.Index]:
        """Rows whose key stands in rows that differ, and the numbers of those that say again what another says."""
        found = self._gathered([DUPLICATE_KEY])
        return DUPLICATE_KEY.findings(found), found.frame.index[said_again(found)]

    def settle(self, n: int, twice: list[Finding], again: pd.Index) -> None:
        """Say of a part which rows go on, and what is odd about them."""
        whole, done = self.matter(self.parts[n]), self.first[n]
        rows = whole.frame.index
        mine = [each for each in twice if rows[0] <= each.row_no <= rows[-1]]
        set_apart(done, whole, mine, rows[done.good].isin(again))
        done.warnings = warnings_in(done, whole, _TOGETHER)
        self.good[n] = done.good
        self.settled.put(done)

    def look_together(self) -> None:
        """Find what is odd about rows that stand together, and about the file."""
        found = said_of([*_TOGETHER], self._gathered(_TOGETHER))
        if not self.job.partial:
            found += said_of([*_OF_ALL], self._standing_in())
        for each in found:
            self.settled.more.setdefault(int(np.searchsorted(self.ends, each.row_no)), []).append(each)

    def _concerned(self, rule: Rule) -> list[np.ndarray]:
        """Rows of each part that go on and share their number with enough others."""
        numbers = [np.where(good, each[rule.name], 0) for good, each in zip(self.good, self.prints, strict=True)]
        values, counts = np.unique(np.concatenate(numbers), return_counts=True)
        often = values[(counts >= rule.least(self.job.theme)) & (values != 0)]
        return [np.isin(each, often) for each in numbers]

    def _gathered(self, rules: Sequence[Rule]) -> Matter:
        """The rows of all parts that concern each other by any of some rules, in the order of the file."""
        masks = [reduce(np.logical_or, each) for each in zip(*map(self._concerned, rules), strict=True)]
        some = [_some(self.parts[n], mask) for n, mask in enumerate(masks) if mask.any() or not n]
        rows = Cleaned(pd.concat([each.rows.frame for each in some]), np.concatenate([each.rows.shapes for each in some]))
        return self._held(rows, np.concatenate([each.hashes for each in some]), self.ground)

    def _standing_in(self) -> Matter:
        """As many rows as go on, and as many as stand, with the keys that rules on a whole file name."""
        stood, first = self.ground.first(_FIRST)
        key = first[0] if self.met and first else self.example
        going = sum(int(each.sum()) for each in self.good)
        rows = Cleaned(pd.DataFrame({self.job.theme.key: np.full(going, key, dtype=object)}), np.empty(0, dtype=object))
        standing = pd.DataFrame({"key": np.resize(np.array([*first, None], dtype=object)[:-1], stood)})
        return replace(self._held(rows, np.empty(0), replace(self.ground, standing=lambda: standing)), partial=False)


def _some(part: Brought, kept: np.ndarray) -> Brought:
    rows = Cleaned(part.rows.frame[kept], part.rows.shapes[kept])
    return Brought(part.raw, rows, part.hashes[kept], [])
