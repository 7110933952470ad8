"""The sample city: a fictitious city, generated from a seed and written as the files that GIS staff really get."""

from geodata.sample.making import LABEL, MANIFEST, VERSION, make
from geodata.sample.scales import SCALES, Scale

__all__ = ["LABEL", "MANIFEST", "SCALES", "VERSION", "Scale", "make"]
