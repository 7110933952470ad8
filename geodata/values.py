"""Values of indicators as they are kept: a value holds from its day until the next one of its unit.

`onemap.indicators` is a log of changes. A unit whose numbers are the same as at the day before gets no row, and one in
which nothing has ever been counted has none at all, so that a month in which little happens costs little. Which days
an indicator was measured on, and on which loads, stands in `onemap.measured`.

Beside the declared indicators the log holds counts for legends and cards: "cameras.*" is the number of rows of a theme,
"cameras.*online" the number of those whose state (the field that the style goes by) is `online`, "cameras.~far" of those whose view distance had to be assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.copying import copy_in
from geodata.earth import Floats
from geodata.lacking import SAYS
from geodata.tree import Tree
from layers._indicator import (
    DEFINITIONS,
    Assumed,
    Count,
    Density,
    Measure,
    NearBlind,
    Passes,
    Reached,
    Seen,
    SeenGround,
    Share,
    Sum,
    Together,
    UnitsHaving,
    UnitsSum,
)

# The newest value of unit `l` at a day, as `v`; it has no row (kept is null) where nothing was ever counted.
LATEST_OF = """LEFT JOIN LATERAL (SELECT true AS kept, i.value, i.numerator, i.denominator FROM onemap.indicators i
    WHERE i.indicator = {name} AND i.definition = {definition} AND i.unit = l.code AND i.day <= {day}
    ORDER BY i.day DESC LIMIT 1) v ON true"""

# The newest day up to which an indicator was measured, as `m`: without a day where it says nothing, and what it lacks then.
MEASURED_OF = f"""LEFT JOIN LATERAL (SELECT CASE WHEN {SAYS} THEN o.day END AS day,
        CASE WHEN NOT {SAYS} THEN coalesce(o.lacks, split_part(o.indicator, '.', 1)) END AS lacks FROM onemap.measured o
    WHERE o.indicator = {{name}} AND o.definition = {{definition}} AND o.day <= {{day}} ORDER BY o.day DESC LIMIT 1) m ON true"""  # noqa: S608

# The same of the default definition, under which counts for legends and cards are kept too.
LATEST, MEASURED = (each.replace("{definition}", "'default'") for each in (LATEST_OF, MEASURED_OF))

FOREVER = date(9999, 12, 31)

LOG = "onemap.indicators"


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator of every unit of the ladder.

    Parameters
    ----------
    numerator : ndarray of float, shape (n,)
        In the order of the tree; NaN where unknown.
    denominator : ndarray of float, shape (n,), optional
        None for an indicator that is no quotient.
    """

    numerator: Floats
    denominator: Floats | None = None

    @property
    def value(self) -> Floats:
        """The quotient, NaN where the denominator is 0; the numerator where there is no denominator."""
        if self.denominator is None:
            return self.numerator
        known = self.denominator > 0
        return np.where(known, self.numerator / np.where(known, self.denominator, 1.0), np.nan)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the log has of one indicator: its newest numbers of every unit.

    Parameters
    ----------
    numerator, denominator : ndarray of float, shape (n,)
        In the order of the tree. As `nothing` has it where nothing was ever counted; what is None there is NaN.
    since : ndarray of datetime64[D], shape (n,), optional
        From which day on they stand; NaT where nothing was ever counted. None where nobody will write.
    """

    numerator: Floats
    denominator: Floats
    since: NDArray[np.datetime64] | None = None


def is_quotient(measure: Measure | None) -> bool:
    """Whether a measure has a denominator; None stands for the counts beside the declared indicators."""
    if isinstance(measure, Sum):
        return measure.divided_by is not None
    quotients = (Share, Density, Seen, SeenGround, Assumed, NearBlind, Reached, Passes, UnitsHaving, Together)
    return isinstance(measure, quotients)


def is_by_survey(measure: Measure | None) -> bool:
    """Whether a measure says nothing of units that were not surveyed (`layers._indicator.Count`)."""
    return isinstance(measure, (Count, Sum)) and measure.surveyed


def nothing(measure: Measure | None) -> tuple[float | None, float | None, float | None]:
    """Value, numerator and denominator of a unit in which nothing was ever counted; people nobody has counted are not 0, nor ground nobody surveyed."""
    if isinstance(measure, UnitsSum) or is_by_survey(measure):
        return None, None, None
    return (None, 0.0, 0.0) if is_quotient(measure) else (0.0, 0.0, None)


def rows_of(theme: str) -> str:
    """The name under which the number of rows of a theme is kept."""
    return f"{theme}.*"


def state_of(theme: str, choice: str) -> str:
    """The name under which the number of rows of a theme in a state is kept."""
    return f"{theme}.*{choice}"


def kept_as(indicator: str, definition: str) -> str:
    """The name under which an indicator is counted in a definition: "entrances.seen", "entrances.seen@strict"."""
    return indicator if definition == DEFINITIONS[0] else f"{indicator}@{definition}"


def parted(name: str) -> tuple[str, str]:
    """Indicator and definition of a name of `kept_as`."""
    indicator, _, definition = name.rpartition("@")
    return (indicator, definition) if definition in DEFINITIONS and indicator else (name, DEFINITIONS[0])


def assumed_of(theme: str, part: str) -> str:
    """The name under which the rows are kept of whose sight a part is assumed."""
    return f"{theme}.~{part}"


def write(
    connection: Connection, tree: Tree, day: date, counted: Mapping[str, Counted], kept: Mapping[str, Kept], log: str = LOG
) -> int:
    """Keep the values that differ from those before.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    tree : Tree
        Whose order the values have.
    day : date
        Not before any day on which one of the indicators has been measured.
    counted : mapping of str to Counted
        By the name of `kept_as`.
    kept : mapping of str to Kept
        What the log has of them.
    log : str
        The table that takes them (`geodata.fresh_log`).

    Returns
    -------
    int
        Number of values written.
    """
    new = {name: differing(tree, each, kept[name]) for name, each in counted.items()}
    new = {name: at for name, at in new.items() if len(at)}  # most of a few rows' numbers stay
    if new and log != LOG:
        _copied(connection, log, _changed(tree, counted, new, day, unit_by_unit=True))
    elif new:
        standing = np.concatenate([_standing(kept[name], at, day) for name, at in new.items()])
        _keep(connection, _changed(tree, counted, new, day), standing)
    return sum(map(len, new.values()))


def _standing(before: Kept, at: NDArray[np.intp], day: date) -> NDArray[np.bool_]:
    """Which of some units have a row of this very day, which is overwritten; the others gain one."""
    found: NDArray[np.bool_] = np.full(len(at), True) if before.since is None else before.since[at] == np.datetime64(day, "D")
    return found


def differing(tree: Tree, now: Counted, before: Kept) -> NDArray[np.intp]:
    """Positions of the units that were counted and whose numbers are not what the log has."""
    denominator = np.nan if now.denominator is None else now.denominator
    same = _same(before.numerator, now.numerator) & _same(before.denominator, np.broadcast_to(denominator, len(tree)))
    return np.flatnonzero(~same & tree.counted)


def _changed(tree: Tree, counted: Mapping[str, Counted], new: Mapping[str, NDArray[np.intp]], day: date, unit_by_unit: bool = False) -> pa.Table:
    """Rows of the log for some units of each indicator, one indicator after the other; or one unit after the other, as cards read them."""
    numbers = [_numbers(counted[name], at) for name, at in new.items()]
    words = zip(*map(parted, new), strict=True)
    columns: dict[str, Any] = dict(zip(("indicator", "definition"), (_repeated(each, new) for each in words), strict=True))
    columns["unit"] = pa.array(tree.codes, pa.string()).take(pa.array(np.concatenate(list(new.values()))))
    columns |= {name: pa.array(np.concatenate(each), from_pandas=True) for name, each in zip(("numerator", "denominator", "value"), zip(*numbers, strict=True), strict=True)}
    rows = pa.table(columns | {"day": np.full(len(columns["unit"]), np.datetime64(day, "D"))})
    return rows.take(np.argsort(np.concatenate(list(new.values())), kind="stable")) if unit_by_unit else rows


def _repeated(words: Iterable[str], new: Mapping[str, NDArray[np.intp]]) -> pa.Array:
    """A word for each indicator, as often as it has rows."""
    which = np.repeat(np.arange(len(new)), [len(at) for at in new.values()])
    return pa.array(list(words), pa.string()).take(pa.array(which))


def _numbers(now: Counted, new: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    denominator = np.full(len(new), np.nan) if now.denominator is None else now.denominator[new]
    return now.numerator[new], denominator, now.value[new]


def _same(one: Floats, other: Floats) -> Any:
    """Equal but for the last bits: sums of the same numbers in another order are no change."""
    return np.isclose(one, other, rtol=1e-9, atol=0, equal_nan=True)


def _keep(connection: Connection, rows: pa.Table, standing: NDArray[np.bool_]) -> None:
    if not standing.all():
        _copied(connection, LOG, rows.filter(pa.array(~standing)) if standing.any() else rows)
    if standing.any():
        _overwrite(connection, rows.filter(pa.array(standing)))


def _copied(connection: Connection, table: str, rows: pa.Table) -> None:
    copy_in(connection, table, {name: rows[name] for name in rows.column_names})


def _overwrite(connection: Connection, rows: pa.Table) -> None:
    connection.execute(
        text("CREATE TEMP TABLE fresh_values (LIKE onemap.indicators INCLUDING DEFAULTS) ON COMMIT DROP")
    )
    _copied(connection, "pg_temp.fresh_values", rows)
    connection.execute(
        text("""INSERT INTO onemap.indicators SELECT * FROM pg_temp.fresh_values
            ON CONFLICT (indicator, definition, unit, day) DO UPDATE SET value = excluded.value,
            numerator = excluded.numerator, denominator = excluded.denominator""")
    )
    connection.execute(text("DROP TABLE pg_temp.fresh_values"))
