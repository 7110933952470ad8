"""Target: what one clause of a policy document asks, of whom, by when; and the document that asks it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from layers._asked import Rule, Simple, parts, unit_ends
from layers._text import Text


class Due(StrEnum):
    """Kinds of deadline."""

    YEAR = "year"  # by the end of a year
    DATE = "date"  # by a day
    WITHIN_YEAR = "within the year"  # 年内: by the end of the year in which the document was issued
    PER_PERIOD = "per period"  # again and again
    NONE = "none"  # the document names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when.

    Parameters
    ----------
    kind : Due
    says : str
        The document's own words; empty where it has none.
    on : date, optional
        The last day; None where there is none, or where the year is masked ("20xx").
    masked : tuple of (int, int), optional
        Month and day of a deadline whose year the copy of the document leaves out; a city says which year it is.
    """

    kind: Due
    says: str = ""
    on: date | None = None
    masked: tuple[int, int] | None = None

    def in_year(self, year: int) -> Deadline:
        """The deadline with its masked year filled in; itself where nothing is masked."""
        return self if self.masked is None else replace(self, on=date(year, *self.masked), masked=None)


def by_end_of(year: int, says: str = "") -> Deadline:
    """By the end of a year (至2022年)."""
    return Deadline(kind=Due.YEAR, says=says or f"至{year}年", on=date(year, 12, 31))


def within(year: int, says: str = "年内") -> Deadline:
    """Within the year of issue."""
    return Deadline(kind=Due.WITHIN_YEAR, says=says, on=date(year, 12, 31))


def by_day(on: date, says: str) -> Deadline:
    """By a day."""
    return Deadline(kind=Due.DATE, says=says, on=on)


def masked(month: int, day: int, says: str) -> Deadline:
    """By a day of a year that the copy of the document leaves out."""
    return Deadline(kind=Due.DATE, says=says, masked=(month, day))


def every(says: str) -> Deadline:
    """Again and again, without an end."""
    return Deadline(kind=Due.PER_PERIOD, says=says)


NO_DEADLINE = Deadline(kind=Due.NONE)


@dataclass(frozen=True, slots=True)
class Aim:
    """The values of an indicator that pass, in its own unit; None leaves an end open, and both ends count as met."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, value: float) -> bool:
        """Whether a value passes."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a policy asks.

    Parameters
    ----------
    id : str
        Its id in the catalogue of policy targets ("NB-01").
    clause : str
        Where it stands in the document.
    says : str
        The sentence, in the document's words.
    counts, of : Text
        Numerator and denominator in words; `of` is empty for a plain number.
    only : Text, optional
        What is left out of both (villages of 500 people or more).
    rule : Rule
        How it is judged, and by which indicator.
    levels : tuple of (str, str)
        The level that answers for it, and the lowest at which its number can be said.
    due : Deadline
    lead, along : tuple of str
        Units in charge (牵头单位) and cooperating ones (配合单位).
    aspirational : bool
        The document says 力争 or 基本: it strives for it.
    needs : Text, optional
        What file would fill it, where no indicator does.
    note : Text, optional
        What the document leaves open, and how it is read here.
    document : str
        Name of its document; filled in by it.
    """

    id: str
    clause: str
    says: str
    rule: Rule
    counts: Text = Text("", "")
    of: Text = Text("", "")
    only: Text | None = None
    levels: tuple[str, str] = ("city", "village")
    due: Deadline = NO_DEADLINE
    lead: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    aspirational: bool = False
    needs: Text | None = None
    note: Text | None = None
    document: str = ""

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that it is judged by, in the order of its rule."""
        return tuple(each.by for each in parts(self.rule) if each.by)

    def aim(self, indicator: str) -> Aim:
        """Between which values of one of its indicators a unit passes."""
        return Aim(*unit_ends(self.part(indicator)))

    def part(self, indicator: str) -> Simple:
        """The part of its rule that goes by an indicator; KeyError if none does."""
        return {each.by: each for each in parts(self.rule)}[indicator]


class Status(StrEnum):
    """What kind of paper a document is."""

    ISSUED = "issued"
    DRAFT = "draft"  # 征求意见稿
    COPY = "copy"  # a web copy in which years and names are masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy document with its targets.

    Parameters
    ----------
    name : str
        Name of its file.
    title : str
        As it calls itself.
    short : Text
        What a table calls it.
    issuer : str
        Who issued it, as far as it says.
    number : str
        文号; empty where it has none.
    issued : date, optional
    status : Status
    source : str
        The file it was read from.
    targets : tuple of Target
    place : str
        What a refusal names.
    """

    name: str
    title: str
    short: Text
    issuer: str
    status: Status
    source: str
    targets: tuple[Target, ...]
    number: str = ""
    issued: date | None = None
    place: str = ""

    def __post_init__(self) -> None:
        named = tuple(replace(each, document=self.name) for each in self.targets)
        object.__setattr__(self, "targets", named)
        if not self.place:
            object.__setattr__(self, "place", f"layers/_documents/{self.name}.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two places that cannot both be followed, or say the same in two ways.

    Parameters
    ----------
    targets : tuple of (str, str)
        Ids; the same twice where one document contradicts itself.
    about : str
        "deadline", "threshold", "filter" or "presence".
    says : Text
        What each of them says.
    """

    targets: tuple[str, str]
    about: str
    says: Text
