"""One sample city of county scale, made once for all tests of the sample."""

from functools import cache, cached_property

from geodata.sample.cameras import place_cameras
from geodata.sample.ground import lay_ground
from geodata.sample.halls import place_halls
from geodata.sample.places import find_entrances, find_intersections, lay_roads
from geodata.sample.register import write_register
from geodata.sample.scales import SCALES
from geodata.sample.spaces import place_spaces


class SampleCity:
    """The parts of a sample, each made when it is first asked for."""

    def __init__(self, scale, seed):
        self.scale, self.seed = SCALES[scale], seed

    @cached_property
    def ground(self):
        return lay_ground(self.scale, self.seed)

    @cached_property
    def register(self):
        return write_register(self.ground)

    @cached_property
    def roads(self):
        return lay_roads(self.ground)

    @cached_property
    def crossings(self):
        return find_intersections(self.ground, self.roads)

    @cached_property
    def entrances(self):
        return find_entrances(self.ground, self.roads)

    @cached_property
    def cameras(self):
        return place_cameras(self.ground, self.crossings, self.entrances)

    @cached_property
    def halls(self):
        return place_halls(self.ground, self.register)

    @cached_property
    def spaces(self):
        return place_spaces(self.ground)


@cache
def sample_city(scale="county", seed=1):
    return SampleCity(scale, seed)
