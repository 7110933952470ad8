"""Exclusion: rows that nobody brings but that are what is left of units when the rows of other themes are taken away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What is left of the ground of units of a level: pieces that are worked out with every load of what they stand on.

    Parameters
    ----------
    minus : tuple of str
        Themes of areas whose ground is taken away. A unit in which one of them has no row has not been surveyed, and nothing
        is said of it.
    of : str
        Field that takes the code of the unit; the pieces' names begin with the unit's.
    mu, width : str
        Fields that take a piece's area in 亩, and its mean width in metres (twice its area by the length of its border).
    level : str
        Whose units.
    least_m2, least_width : float
        Smaller and narrower pieces are slips between two surveys and no ground.
    """

    minus: tuple[str, ...]
    of: str
    mu: str
    width: str
    level: str = "village"
    least_m2: float = 66.7  # 0.1 亩
    least_width: float = 3.0
