"""How the units right below a unit stand in several indicators at once: on the newest day, and on the day before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.door import Reader
from geodata.lacking import SAYS
from geodata.units import INSIDE
from geodata.values import FOREVER, LATEST_OF, nothing
from layers import indicator

MOST = 400
"""Units below that are asked for; a picture of more is no picture."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One indicator of one unit on two days.

    Parameters
    ----------
    indicator : str
        "theme.name".
    id : int
        Feature id of the unit in tiles.
    code, name : str
        Of the unit.
    value, before : float or None
        On the newest day on which the indicator was measured, and on the one before; None where there is no value.
    day, day_before : date or None
        These days; None where it was not measured so often.
    """

    indicator: str
    id: int
    code: str
    name: str
    value: float | None
    before: float | None
    day: date | None
    day_before: date | None

    @property
    def change(self) -> float | None:
        """How much the value rose; None where one of the two is not known."""
        return None if self.value is None or self.before is None else self.value - self.before


_DAYS = f"""SELECT n.name, n.definition, n.at, (array_agg(CASE WHEN {SAYS} THEN o.day END ORDER BY o.day DESC))[1] AS day,
        (array_agg(CASE WHEN {SAYS} THEN o.day END ORDER BY o.day DESC))[2] AS before
    FROM unnest(CAST(:names AS text[]), CAST(:definitions AS text[])) WITH ORDINALITY AS n(name, definition, at)
    LEFT JOIN onemap.measured o ON o.indicator = n.name AND o.definition = n.definition AND o.day <= :day
    GROUP BY n.name, n.definition, n.at"""  # noqa: S608

_NOW = LATEST_OF.format(name="d.name", definition="d.definition", day="d.day")
_THEN = LATEST_OF.format(name="d.name", definition="d.definition", day="d.before").replace(") v ON", ") w ON")


def below(reader: Reader, names: Sequence[str], code: str, definition: str = "default") -> tuple[Stand, ...]:
    """Several indicators of every unit directly below a unit, in the order of the names, by code; empty for a leaf.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    names : sequence of str
        "theme.indicator" each.
    code : str
        Of the unit above.
    definition : str
        The reading of terms under which it is counted.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    """
    question = f"""SELECT d.name AS indicator, l.id, l.code, l.name, d.day, d.before AS day_before,
            v.kept, v.value, w.kept AS kept_before, w.value AS value_before
        FROM ({_DAYS}) d
        CROSS JOIN (SELECT c.id, c.code, c.name FROM onemap.ladder l JOIN onemap.ladder c ON c.parent = l.code
            WHERE l.code = :code AND {INSIDE} ORDER BY c.code LIMIT {MOST}) l
        {_NOW} {_THEN} ORDER BY d.at, l.code"""  # noqa: S608
    scope, definitions = reader.scope, [indicator(each)[1].applied(definition) for each in names]
    rows = reader.all(question, names=list(names), definitions=definitions, code=code, area=scope.area, day=scope.day or FOREVER)
    return tuple(_stand(row) for row in rows)


def _stand(row: Mapping[str, Any]) -> Stand:
    measure = indicator(row["indicator"])[1].measure  # every reading of an indicator is a quotient, or none is
    now = None if row["day"] is None else row["value"] if row["kept"] else nothing(measure)[0]
    then = None if row["day_before"] is None else row["value_before"] if row["kept_before"] else nothing(measure)[0]
    return Stand(row["indicator"], row["id"], row["code"], row["name"], now, then, row["day"], row["day_before"])
