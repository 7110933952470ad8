"""Indicators: named numbers per unit, each a measure from a closed list; what policies ask of them is in `layers._documents`.

Every measure yields a numerator and a denominator that add up over disjoint ground, so a parent is the exact sum of its
children and never the mean of their shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers._condition import AnyOf, Between, Condition, Is, Less, Quotient, Where, Within
from layers._text import Text

__all__ = [
    "DEFINITIONS",
    "AnyOf",
    "Between",
    "Condition",
    "Count",
    "Density",
    "Every",
    "Format",
    "Indicator",
    "Is",
    "Less",
    "Measure",
    "Per",
    "Period",
    "Quotient",
    "Reached",
    "Reading",
    "Seen",
    "SeenGround",
    "Share",
    "Sum",
    "Together",
    "UnitsHaving",
    "UnitsSum",
    "Where",
    "Within",
]


class Per(StrEnum):
    """What a density is divided by."""

    SQUARE_KM = "km2"
    THOUSAND_PEOPLE = "1000 people"


@dataclass(frozen=True, slots=True)
class Count:
    """Number of rows. Numerator: rows; no denominator.

    Notes
    -----
    `surveyed` is for rows that are worked out (`Theme.left_by`): it says nothing of a unit in which what they stand on was not surveyed.
    """

    where: Where = ()
    surveyed: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of a number field over the rows. Numerator: the sum; no denominator. `surveyed` as of `Count`."""

    field: str
    where: Where = ()
    divided_by: str | None = None  # a second number field: the quotient of two sums (income per 亩)
    surveyed: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Rows that meet `where`, of the rows that meet `among`."""

    where: Where
    among: Where = ()


@dataclass(frozen=True, slots=True)
class Density:
    """Rows per square kilometre of ground, or per thousand people."""

    per: Per
    where: Where = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Share of the rows of this theme that a sight of `by` covers: points by number, lines by length.

    Notes
    -----
    `effective` counts only rows of `by` that its declaration calls effective (in use, online, networked).
    `within` takes what lies within so many metres of a row of `by` for seen, whatever its heading and distance. `purpose`
    (a `layers._sight.Purpose`) takes ranges by pixels on the target in place of the declared distances. `least` asks for
    so many rows that see the same place: what one of two sees is lost when that one fails. Only 1 and 2 are counted.
    """

    by: str
    among: Where = ()
    seen_by: Where = ()
    effective: bool = False
    within: float | None = None
    purpose: str | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class SeenGround:
    """Share of a unit's ground inside the union of this theme's sights (m² over m²); parameters as of `Seen`."""

    effective: bool = False
    purpose: str | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Assumed:
    """Rows of a theme with sight that stand and of whose sight something had to be assumed, of all that stand.

    Notes
    -----
    `part` is one of `layers._sight.SIGHT_PARTS`; None stands for any of them.
    """

    part: str | None = None


@dataclass(frozen=True, slots=True)
class Passes:
    """Rows of the audited theme that pass tests of the audit (`layers._audit.TESTS`), of the rows that meet `among`."""

    tests: tuple[str, ...]
    among: Where = ()


@dataclass(frozen=True, slots=True)
class NearBlind:
    """Households within so many metres of a place that no sight of this theme covers, of all households.

    Notes
    -----
    The places are those that indicators ask about as seen by this theme. Households count with the share of their unit's
    ground (the finest whose households are known) that lies so near.
    """

    metres: float
    effective: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """Households within so many metres of a row of this theme that meets `where`, of all households; spread as of `NearBlind`."""

    metres: float
    where: Where = ()


class Period(StrEnum):
    """A stretch of the calendar, as PostgreSQL's date_trunc names it."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Every:
    """Periods in which there is a row, by a date field: "a notice every month" counts months, not notices."""

    period: Period
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsHaving:
    """Share of the units of `level` that have at least `at_least` rows of this theme.

    Parameters
    ----------
    level : str
        Whose units are counted; rows below them are theirs.
    at_least : int
        Rows that a unit must have; of each kind with `all_of`; periods with `every`.
    where : Where
        Rows that count.
    people_from : int
        Only units with so many people or more are in the denominator.
    people : str
        Which people: the ladder's "population" (resident), or "registered" (户籍).
    rural : bool
        Only administrative villages (行政村) are in the denominator, communities left out, as their codes say.
    within : float
        Rows so many metres from a unit's ground count too.
    named_by : str, optional
        A text field of the rows that lists codes of units which they serve; these units have the row too.
    own : bool
        Only rows of that very unit count, none from below: a title of the town is none of its villages'.
    all_of : tuple of Where
        A checklist: a unit needs `at_least` rows of each.
    every : Every, optional
        Periods with a row are counted instead of rows.
    """

    level: str
    at_least: int = 1
    where: Where = ()
    people_from: int = 0
    people: str = "population"
    rural: bool = False
    within: float = 0.0
    named_by: str | None = None
    own: bool = False
    all_of: tuple[Where, ...] = ()
    every: Every | None = None

    @property
    def reaches(self) -> bool:
        """Whether a row counts in units in which it does not stand."""
        return self.within > 0 or self.named_by is not None


@dataclass(frozen=True, slots=True)
class Together:
    """One share of several: units of several levels in one ratio (villages and towns with a title, of all of them)."""

    parts: tuple[UnitsHaving, ...]


@dataclass(frozen=True, slots=True)
class UnitsSum:
    """Sum of a ladder column (population, households, area_km2) over the units of the theme's finest complete level."""

    column: str


Measure = Count | Sum | Share | Density | Seen | SeenGround | Assumed | NearBlind | Reached | Passes | UnitsHaving | Together | UnitsSum


DEFINITIONS = ("default", "strict", "loose")
"""How a term is understood that its document leaves open."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a number whose document leaves a term open.

    Parameters
    ----------
    measure : Measure
        How it is counted then.
    says : Text
        What is counted then, in one sentence.
    """

    measure: Measure
    says: Text


class Format(StrEnum):
    """How a value is printed."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A named number of every unit.

    Parameters
    ----------
    name : str
        Its name inside the theme; outside it is called "theme.name".
    title : Text
        What page and export call it.
    measure : Measure
        How it is counted.
    unit : Text
        Unit of the printed value.
    format : Format
        How the value is printed.
    says : Text
        The definition in one sentence: what is counted, of what.
    higher_is_better : bool or None
        None where neither is better (a population).
    strict, loose : Reading, optional
        The same number under a stricter and a looser reading of a term that its document leaves open.
    """

    name: str
    title: Text
    measure: Measure
    says: Text
    unit: Text = Text("", "")
    format: Format = Format.WHOLE
    higher_is_better: bool | None = True
    strict: Reading | None = None
    loose: Reading | None = None

    @property
    def definitions(self) -> tuple[str, ...]:
        """The definitions under which it is counted: the default, and those that are declared."""
        return tuple(each for each in DEFINITIONS if each == "default" or getattr(self, each))

    def applied(self, definition: str) -> str:
        """The definition that holds where one is asked for: itself where it is declared, else the default."""
        return definition if definition in self.definitions else DEFINITIONS[0]

    def reading(self, definition: str) -> Reading:
        """What is counted under a definition."""
        return {"strict": self.strict, "loose": self.loose}.get(definition) or Reading(self.measure, self.says)
