"""How a unit stands among the units that share its parent, by every indicator, in one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from geodata.door import Reader
from geodata.units import INSIDE
from geodata.values import FOREVER, LATEST, MEASURED
from layers import themes


@dataclass(frozen=True, slots=True)
class Among:
    """One indicator of a unit beside the same of its siblings.

    Parameters
    ----------
    rank : int
        1 for the best: highest, or lowest where less is better. Equal values share a rank.
    of : int
        Units with a value, this one included.
    worse : int
        Units that are worse.
    middle : float
        The median of all of them.
    """

    rank: int
    of: int
    worse: int
    middle: float


def among(reader: Reader, code: str) -> dict[str, Among]:
    """The standing of a unit by every indicator that knows a better and a worse.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    code : str
        Of the unit.

    Returns
    -------
    dict
        "theme.indicator" -> standing; without indicators of which the unit has no value, and empty for a root.
    """
    names = {f"{theme.name}.{each.name}": each.higher_is_better for theme in themes().values() for each in theme.indicators}
    judged = {name: better for name, better in names.items() if better is not None}
    question = f"""SELECT n.name, l.code, v.value FROM onemap.ladder u JOIN onemap.ladder l ON l.parent = u.parent AND l.level = u.level
        CROSS JOIN unnest(CAST(:names AS text[])) AS n(name) {LATEST.format(name="n.name", day=":day")} {MEASURED.format(name="n.name", day=":day")}
        WHERE u.code = :code AND {INSIDE} AND m.day IS NOT NULL AND v.value IS NOT NULL AND v.value <> 'NaN'"""  # noqa: S608 - constants
    scope = reader.scope
    rows = reader.all(question, names=list(judged), code=code, area=scope.area, day=scope.day or FOREVER)
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row["name"], {})[row["code"]] = row["value"]
    return {name: _standing(values, code, judged[name]) for name, values in found.items() if code in values}


def _standing(values: Mapping[str, Any], code: str, more_is_better: bool) -> Among:
    own = values[code]
    above, below = sum(each > own for each in values.values()), sum(each < own for each in values.values())
    better, worse = (above, below) if more_is_better else (below, above)
    return Among(better + 1, len(values), worse, median(values.values()))
