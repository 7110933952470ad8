"""Explain a number: its definition, the rows that make it, the loads that they came with, and SQL that makes it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geodata import indicators, loads, reasons, units, wording
from geodata.door import STATEMENT_TIMEOUT_MS, Reader
from geodata.indicators import Figure
from geodata.loads import Load
from geodata.statement import Statement, silent, statement
from geodata.units import Unit
from geodata.values import FOREVER
from layers import Indicator, Text, Theme, indicator
from layers._indicator import Measure, NearBlind, Reached, SeenGround

Found = TypeVar("Found")

WHICH = ("all", "counted", "rest")
"""Rows of a number: all that are looked at, those of the numerator, and those that are only in the denominator."""

PAGE = 50
"""Rows of a page."""

EXACT = 1e-6

CLOSE, CLOSE_M2 = 2e-3, 30.0
"""A statement that measures ground goes another way than the number (unions of polygons against rows two metres apart, see
`geodata.sweep`): they agree to two thousandths, or to 30 m². Everything else agrees to `EXACT`."""


Number = tuple[float | None, float | None, float | None]
"""Numerator, denominator, value."""


def alike(one: Number, other: Number, measure: Any) -> bool:
    """Whether two counts of the same thing are the same number; None is no number, and not 0."""
    ground = isinstance(measure, (SeenGround, NearBlind, Reached))
    close = (CLOSE if ground else EXACT, EXACT, CLOSE if ground else EXACT)
    room = CLOSE_M2 if isinstance(measure, SeenGround) else 0.5 if ground else 0.0  # of households, half of one
    slack = (room, 0.0, room / (one[1] or 1.0))
    return all(_close(*pair) for pair in zip(one, other, close, slack, strict=True))


def _close(one: float | None, other: float | None, share: float, room: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= max(share * max(abs(one), abs(other)), room, 1e-9)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that make a number.

    Parameters
    ----------
    total, counted : int
        All that are looked at, and those of the numerator.
    shown : sequence of mapping
        A page of them, in the columns of `geodata.counted_rows.COLUMNS`.
    loads : mapping of int to int
        Load -> rows that it brought.
    """

    total: int
    counted: int
    shown: Sequence[Mapping[str, Any]]
    loads: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that stands behind one number of one unit.

    Parameters
    ----------
    name, definition : str
        "theme.indicator", and the definition that holds.
    unit : Unit
    figure : Figure
        The number as it is kept: what card, ranking and map show.
    formula : Text
    filters : mapping of str to Text
        See `geodata.wording.filters`.
    statement : Statement
    rows : Rows
    loads : tuple of Load
        That brought the rows, oldest first.
    stands_on : mapping of str to int
        Themes that the number was measured on, with their versions.
    computed : datetime or None
        When it was measured.
    again : tuple of (numerator, denominator, value)
        What the statement gave just now; where `ran` is false, what the units below add up to.
    waited : bool
        Whether it was run however long it takes.
    reason : Text or None
        Why there is no number.
    """

    name: str
    definition: str
    unit: Unit
    figure: Figure
    formula: Text
    filters: Mapping[str, Text]
    statement: Statement
    rows: Rows
    loads: tuple[Load, ...]
    stands_on: Mapping[str, int]
    computed: datetime | None
    again: Number
    reason: Text | None = None
    waited: bool = False

    @property
    def ran(self) -> bool:
        """Whether the statement itself was run."""
        return self.waited or self.statement.checked == self.statement.number

    @property
    def theme(self) -> Theme:
        """Whose indicator it is."""
        return indicator(self.name)[0]

    @property
    def declared(self) -> Indicator:
        """The declaration."""
        return indicator(self.name)[1]

    @property
    def measure(self) -> Measure:
        """How it is counted under the definition."""
        return self.declared.reading(self.definition).measure

    @property
    def same(self) -> bool:
        """Whether the statement gave the kept number."""
        kept = (self.figure.numerator, self.figure.denominator, self.figure.value)
        return self.figure.day is None or alike(self.again, kept, self.measure)


def explain(
    reader: Reader, name: str, code: str, definition: str = "default", which: str = "all", start: int = 0, most: int | None = PAGE,
    wait: bool = False,
) -> Explanation:  # fmt: skip
    """What stands behind an indicator of a unit.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    name : str
        "theme.indicator".
    code : str
        Of the unit.
    definition : str
        The default holds where the indicator does not declare it.
    which : {'all', 'counted', 'rest'}
        Rows that are listed.
    start : int
        Rows before the first that is listed.
    most : int or None
        Rows that are listed at most; None for all.
    wait : bool
        Whether the statement is run however long it takes; else, where that is long, the sum of the units below is.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    theme, declared = indicator(name)
    own = declared.applied(definition)
    unit = units.unit(reader, code)
    figure = next(each for each in indicators.card(reader, code, own) if each.indicator == name)
    measure = declared.reading(own).measure
    made = statement(reader, name, theme, measure, unit, own)
    made = silent(made, figure.lacks, reader.scope.day) if figure.lacks else made
    rows = _rows(reader, made, which, start, most)
    return Explanation(
        name=name, definition=own, unit=unit, figure=figure, formula=wording.formula(theme, measure),
        filters=wording.filters(theme, measure), statement=made, rows=rows, loads=loads.some(reader, sorted(rows.loads)),
        again=_again(reader, made, wait), waited=wait, reason=reasons.of_figure(figure, measure), **_measured(reader, name, own),
    )  # fmt: skip


def patiently(reader: Reader, ms: int, ask: Callable[[], Found]) -> Found | None:
    """What a question finds in so many milliseconds a statement; None where it takes longer, and the reader can ask on."""
    try:
        with reader.connection.begin_nested():
            reader.connection.execute(text(f"SET LOCAL statement_timeout = {int(ms)}"))
            found = ask()
            reader.connection.execute(text(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}"))
            return found
    except DBAPIError as problem:
        if "statement timeout" in str(problem.orig):
            return None
        raise


def plainly(sql: str) -> str:
    """A statement without places, for a reader whose questions have them."""
    return sql.replace(":", "\\:")


def _again(reader: Reader, made: Statement, wait: bool) -> Number:
    found = reader.first(plainly((made.number if wait else made.checked).rstrip(";"))) or {}
    return found.get("numerator"), found.get("denominator"), found.get("value")


_CHOSEN = {"all": "true", "counted": "counted", "rest": "NOT counted"}


def _rows(reader: Reader, made: Statement, which: str, start: int, most: int | None) -> Rows:
    """One pass: the totals stand beside each row, and alone where there is none."""
    page = f"SELECT * FROM r WHERE {'false' if reader.scope.discreet else _CHOSEN[which]} ORDER BY counted DESC, key OFFSET {int(start)}"  # noqa: S608
    page += "" if most is None else f" LIMIT {int(most)}"
    question = f"""SELECT c.*, p.* FROM (SELECT count(*) AS total_, count(*) FILTER (WHERE counted) AS counted_,
            (SELECT jsonb_object_agg(load_id, n) FROM (SELECT load_id, count(*) AS n FROM r WHERE load_id IS NOT NULL GROUP BY 1) l)
            AS loads_ FROM r) c LEFT JOIN LATERAL ({page}) p ON true"""  # noqa: S608
    found = reader.all(f"WITH r AS MATERIALIZED (\n{plainly(made.rows)}\n) {question}")
    shown = [{name: value for name, value in each.items() if not name.endswith("_")} for each in found if each["key"] is not None]
    totals = found[0]
    return Rows(totals["total_"], totals["counted_"], shown, {int(load): n for load, n in (totals["loads_"] or {}).items()})


def _measured(reader: Reader, name: str, definition: str) -> dict[str, Any]:
    question = """SELECT basis, made FROM onemap.measured WHERE indicator = :name AND definition = :definition AND day <= :day
        ORDER BY day DESC LIMIT 1"""
    found = reader.first(question, name=name, definition=definition, day=reader.scope.day or FOREVER) or {"basis": {}, "made": None}
    return {"stands_on": {part: version for part, version in found["basis"].items() if version}, "computed": found["made"]}


def day_of(explanation: Explanation) -> date | None:
    """The day under which the number is kept."""
    return explanation.figure.day
