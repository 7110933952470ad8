"""Sight: the ground that one row sees, for which purpose, and what is assumed where its fields are silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default_of
from enum import StrEnum

from layers._indicator import Where
from layers._text import Text

SIGHTS_FROM_ZOOM = 14
"""Sights are fetched and drawn from this zoom: below it one of 50 m is smaller than 6 pixels."""


class Purpose(StrEnum):
    """What somebody at the screen has to be able to do with whom the camera shows (IEC 62676-4:2015, 6.7)."""

    DETECT = "detect"
    OBSERVE = "observe"
    RECOGNISE = "recognise"
    IDENTIFY = "identify"


PIXELS_PER_METRE: Mapping[Purpose, float] = {
    Purpose.DETECT: 25.0,
    Purpose.OBSERVE: 62.5,
    Purpose.RECOGNISE: 125.0,
    Purpose.IDENTIFY: 250.0,
}
"""Pixels that a metre across the line of sight must have (IEC 62676-4:2015, table 3)."""

PURPOSE_TITLES: Mapping[Purpose, Text] = {
    Purpose.DETECT: Text("探测", "Detect"),
    Purpose.OBSERVE: Text("观察", "Observe"),
    Purpose.RECOGNISE: Text("识别", "Recognise"),
    Purpose.IDENTIFY: Text("辨认", "Identify"),
}

SIGHT_PARTS: Mapping[str, Text] = {
    "azimuth": Text("监视方位", "azimuth"),
    "angle": Text("水平视场角", "horizontal angle"),
    "far": Text("可视距离", "view distance"),
    "near": Text("近端盲区", "near limit"),
}
"""What of a sight may have to be assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The ground one row sees: which fields say it, and what is assumed where they are silent.

    Parameters
    ----------
    azimuth, angle, far, near : str
        Fields: degrees clockwise from north, horizontal angle in degrees, far and near limits in metres.
    height, tilt, vertical : str, optional
        Fields that give the near limit where `near` is silent: metres above ground, degrees below the horizon of the
        middle of the picture, and the vertical angle in degrees.
    pixels : str, optional
        Field with the pixels across the picture, for ranges by purpose.
    pixels_by, pixels_of : str, mapping of str to int
        A choice field, and the pixels that its choices stand for, where `pixels` is silent.
    assumed_angle, assumed_far, assumed_near : float
        Taken where the field is empty; counted and shown as assumptions.
    assumed_pixels : int
        The same for `pixels`.
    assumed_lens : float
        Horizontal angle of the lens of a ring, which looks one way at a time, for its range by purpose.
    standing : Where
        Rows that see at all (not removed).
    ring : Where
        Rows that see all around (domes, PTZ).
    effective : Where
        Rows that count for effective coverage (in use, online, networked).

    Notes
    -----
    A camera whose tilt is unknown is taken to be aimed so that its far limit lies at the upper edge of the picture; one
    whose vertical angle is unknown to have a picture of 16 to 9. A ring sees the foot of its own pole.
    """

    azimuth: str
    angle: str
    far: str
    near: str | None = None
    height: str | None = None
    tilt: str | None = None
    vertical: str | None = None
    pixels: str | None = None
    pixels_by: str | None = None
    pixels_of: Mapping[str, int] = default_of(default_factory=dict)
    # 53 degrees is the field of a 6 mm lens on a 1/2.7" sensor; 50 m lies between "detect" (77 m) and "observe" (31 m)
    # of such a 2 MP camera by IEC 62676-4:2015. 1920 pixels are those of 1080p (GB/T 28181: 高清), 57 degrees the
    # widest lens of the usual PTZ of 25 times.
    assumed_angle: float = 53.0
    assumed_far: float = 50.0
    assumed_near: float = 0.0
    assumed_pixels: int = 1920
    assumed_lens: float = 57.0
    standing: Where = ()
    ring: Where = ()
    effective: Where = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it names."""
        named = (self.azimuth, self.angle, self.far, self.near, self.height, self.tilt, self.vertical, self.pixels, self.pixels_by)
        return tuple(each for each in named if each is not None)
