"""Sight: the ground that one row sees, and what is assumed where its fields are silent."""

from __future__ import annotations

from dataclasses import dataclass

from layers._indicator import Where

SIGHTS_FROM_ZOOM = 14
"""Sights are fetched and drawn from this zoom: below it one of 50 m is smaller than 6 pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The ground one row sees: which fields say it, and what is assumed where they are silent.

    Parameters
    ----------
    azimuth, angle, far, near : str
        Fields: degrees clockwise from north, horizontal angle in degrees, far and near limits in metres.
    assumed_angle, assumed_far, assumed_near : float
        Taken where the field is empty; counted and shown as assumptions.
    standing : Where
        Rows that see at all (not removed).
    ring : Where
        Rows that see all around (domes, PTZ).
    effective : Where
        Rows that count for effective coverage (in use, online, networked).
    """

    azimuth: str
    angle: str
    far: str
    near: str | None = None
    # 53 degrees is the field of a 6 mm lens on a 1/2.7" sensor; 50 m lies between "detect" (77 m) and "observe" (31 m)
    # of such a 2 MP camera by IEC 62676-4:2015.
    assumed_angle: float = 53.0
    assumed_far: float = 50.0
    assumed_near: float = 0.0
    standing: Where = ()
    ring: Where = ()
    effective: Where = ()
