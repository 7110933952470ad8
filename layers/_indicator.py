"""Indicators: named numbers per unit, each a measure from a closed list; and the targets that policies set for them.

Every measure yields a numerator and a denominator that add up over disjoint ground, so a parent is the exact sum of its
children and never the mean of their shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers._text import Text


@dataclass(frozen=True, slots=True)
class Is:
    """Rows whose field holds one of the values."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Rows whose number lies in a closed range; None leaves an end open."""

    field: str
    low: float | None = None
    high: float | None = None


Condition = Is | Between
Where = tuple[Condition, ...]


class Per(StrEnum):
    """What a density is divided by."""

    SQUARE_KM = "km2"
    THOUSAND_PEOPLE = "1000 people"


@dataclass(frozen=True, slots=True)
class Count:
    """Number of rows. Numerator: rows; no denominator."""

    where: Where = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of a number field over the rows. Numerator: the sum; no denominator."""

    field: str
    where: Where = ()
    divided_by: str | None = None  # a second number field: the quotient of two sums (income per 亩)


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
    `within` takes what lies within so many metres of a row of `by` for seen, whatever its heading and distance.
    """

    by: str
    among: Where = ()
    seen_by: Where = ()
    effective: bool = False
    within: float | None = None


@dataclass(frozen=True, slots=True)
class SeenGround:
    """Share of a unit's ground inside the union of this theme's sights (m² over m²)."""

    effective: bool = False


@dataclass(frozen=True, slots=True)
class UnitsHaving:
    """Share of the units of `level` that hold at least `at_least` rows of this theme.

    Notes
    -----
    `people_from` keeps only units with that population or more in the denominator. `within` also counts rows outside of
    a unit, so many metres from its border at most.
    """

    level: str
    at_least: int = 1
    where: Where = ()
    people_from: int = 0
    within: float | None = None


@dataclass(frozen=True, slots=True)
class UnitsSum:
    """Sum of a ladder column (population, households, area_km2) over the units of the theme's finest complete level."""

    column: str


Measure = Count | Sum | Share | Density | Seen | SeenGround | UnitsHaving | UnitsSum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a policy asks of an indicator.

    Parameters
    ----------
    id : str
        The target's id in the catalogue of policy targets ("NB-01").
    clause : str
        Document and clause, as they can be looked up.
    says : str
        The sentence of the document.
    at_least, at_most : float, optional
        The threshold, in the indicator's own unit (a share from 0 to 1).
    by : str, optional
        Year or date of the deadline as the document writes it.
    lead : str, optional
        The unit in charge (牵头单位).
    """

    id: str
    clause: str
    says: str
    at_least: float | None = None
    at_most: float | None = None
    by: str | None = None
    lead: str | None = None

    def met_by(self, value: float) -> bool:
        """Whether `value` meets the threshold; both ends count as met."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


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
    targets : tuple of Target
        What policies ask of it.
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
    targets: tuple[Target, ...] = ()
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
