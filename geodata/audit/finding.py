"""A finding of the audit: what is wrong, with which grid of which village, and on which ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geodata.earth import M2_OF_MU
from layers._audit import DEFECTS, Defect
from layers._text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect.

    Parameters
    ----------
    kind : str
        A name of `layers._audit.DEFECTS`.
    unit : str
        Code of the unit whose parts are wrong: the village (or the grid, of micro-grids).
    key : str, optional
        Code of the grid; None where the unit itself is meant.
    other : str
        The other grid or unit that the sentence names.
    value : object
        What else the sentence names.
    m2 : float, optional
        Geodesic square metres of the ground.
    shape : Geometry, optional
        The ground, or the grid; EPSG:4490.
    norm : str, optional
        Id of the norm.
    """

    kind: str
    unit: str
    key: str | None = None
    other: str = ""
    value: Any = None
    m2: float | None = None
    shape: Any = None
    norm: str | None = None

    @property
    def defect(self) -> Defect:
        """Its kind."""
        return DEFECTS[self.kind]

    @property
    def own_ground(self) -> bool:
        """Whether its shape is the ground that is wrong, not that of a whole grid or unit."""
        return self.kind.startswith(("gap", "overlap", "contained", "crosses"))

    @property
    def mu(self) -> float | None:
        """Its ground in 亩."""
        return None if self.m2 is None else self.m2 / M2_OF_MU

    @property
    def says(self) -> Text:
        """Its sentence."""
        given = {"m2": self.m2 or 0.0, "mu": self.mu or 0.0, "other": self.other, "value": self.value}
        return Text(self.defect.says.zh.format(**given), self.defect.says.en.format(**given))
