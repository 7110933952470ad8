"""The audit finds every kind of defect that is sown into a clean ground, in its place, and nothing in the clean ground."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from geodata.audit.checks import audit, failed
from geodata.audit.ground import Grids, Ground, Units
from geodata.earth import areas
from layers._audit import DEFECTS, STANDARDS, Weight, mask_of

TOWN = "990101001000"
VILLAGES = ("990101001201", "990101001202")
BOX = (124.0, 30.0, 124.06, 30.01)


def cut(box, n, across):
    w, s, e, t = box
    edges = np.round(np.linspace(w, e, n + 1) if across else np.linspace(s, t, n + 1), 7).tolist()
    pairs = zip(edges, edges[1:], strict=False)
    return [(a, s, z, t) if across else (w, a, e, z) for a, z in pairs]


def clean():
    """A town of two villages, each of four grids in a row, each of two micro-grids; everything in order."""
    units = [(TOWN, "某镇", "town", 640.0, 1760.0, shapely.box(*BOX))]
    grids = []
    for village, box in zip(VILLAGES, cut(BOX, 2, True), strict=True):
        units.append((village, f"村{village[-3:]}", "village", 320.0, 880.0, shapely.box(*box)))
        for n, part in enumerate(cut(box, 4, True), start=1):
            code = f"{village}{n:03d}"
            grids.append([code, f"第{n}网格", "grid", village, "general", 220.0, 80.0, 2.0, part])
            for m, small in enumerate(cut(part, 2, False), start=1):
                grids.append([f"{code}{m:02d}", f"第{m}微网格", "microgrid", code, "general", 110.0, 40.0, 1.0, small])
    shapes = noded([shapely.box(*row[8]) for row in grids])
    for row, shape in zip(grids, shapes, strict=True):
        row[8] = shape
    columns = list(zip(*units, strict=True))
    return Ground(Units(*(objects(each) for each in columns[:3]), *(np.array(each) for each in columns[3:5]), objects(columns[5])), as_grids(grids))


def noded(shapes):
    """Every corner is a corner of all shapes that touch it: a coverage."""
    corners = shapely.multipoints(np.unique(np.concatenate([shapely.get_coordinates(each) for each in shapes]), axis=0))
    return [shapely.Polygon(shapely.get_coordinates(shapely.snap(each, corners, 1e-9))) for each in shapes]


def objects(column):
    found = np.empty(len(column), dtype=object)
    found[:] = list(column)
    return found


def as_grids(rows):
    columns = list(zip(*rows, strict=True))
    return Grids(np.arange(1, len(rows) + 1), *(objects(each) for each in columns[:5]), *(np.array(each, dtype=float) for each in columns[5:8]), objects(columns[8]))


class Sown:
    """A clean ground in which something is changed."""

    def __init__(self):
        ground = clean()
        self.units = ground.units
        self.rows = [list(row) for row in zip(*(getattr(ground.grids, name) for name in Grids.__slots__[1:]), strict=True)]

    def row(self, code):
        return next(row for row in self.rows if row[0] == code)

    def shape(self, code, new):
        self.row(code)[8] = new(self.row(code)[8])

    def drop(self, code):
        self.rows = [row for row in self.rows if not row[0].startswith(code)]

    def add(self, row):
        self.rows.append(row)

    @property
    def found(self):
        return audit(Ground(self.units, as_grids(self.rows)))


V, W_ = VILLAGES
G1, G2, G3, G4, H1 = f"{V}001", f"{V}002", f"{V}003", f"{V}004", f"{W_}001"
NAME, LEVEL, PARENT, KIND, PEOPLE, HOMES, STAFF = range(1, 8)
METRE = 1e-5  # degrees, about


def setting(code, field, value):
    def sow(sown):
        sown.row(code)[field] = value

    return sow


def moving(code, x=0.0, y=0.0):
    return lambda sown: sown.shape(code, lambda shape: translate(shape, x, y))


def shaping(code, new):
    return lambda sown: sown.shape(code, new)


def wider(x):
    """The right side pushed over by so many degrees."""
    return lambda shape: shapely.transform(shape, lambda xy: np.where(xy >= xy.max(axis=0) - 1e-12, [1, 0], [0, 0]) * x + xy)


def recode(code, new):
    def sow(sown):
        for row in sown.rows:
            if row[3] == code:
                row[3] = new
        sown.row(code)[0] = new

    return sow


def hole(shape):
    return shape.difference(shape.centroid.buffer(3e-4))


def without_micro(sown, code):
    sown.rows = [row for row in sown.rows if not (row[0].startswith(code) and len(row[0]) == 17)]


def twice(sown):
    sown.add([f"{V}005", "第5网格", "grid", V, "general", 220.0, 80.0, 2.0, sown.row(G4)[8]])


def inside(sown):
    sown.add([f"{V}005", "第5网格", "grid", V, "general", 220.0, 80.0, 2.0, sown.row(G2)[8].buffer(-3e-4)])


def half_dropped(sown):
    sown.rows = [row for row in sown.rows if row[0] != f"{G2}02"]


def all_dropped(sown):
    sown.drop(W_)


def renumbered(sown):
    for n in (4, 3, 2, 1):
        recode(f"{V}{n:03d}", f"{V}{n + 1:03d}")(sown)
        for row in sown.rows:
            if row[0].startswith(f"{V}{n:03d}") and len(row[0]) == 17:
                row[0] = f"{V}{n + 1:03d}{row[0][-2:]}"


SEEDS = {
    "a hole that no grid covers": (shaping(G2, hole), "gap_inner", V),
    "a grid short of the border": (shaping(G1, lambda s: s.intersection(translate(s, 3e-4, 0))), "gap_edge", V),
    "a grid that is missing at the border": (lambda s: s.drop(G1), "gap_edge", V),
    "a grid that is missing between others": (lambda s: s.drop(G2), "gap_edge", V),
    "a slit between two grids": (shaping(G2, lambda s: s.intersection(translate(s, 5e-6, 0))), "gap_sliver", V),
    "a village without grids": (all_dropped, "no_grids", W_),
    "a grid over its neighbour": (shaping(G1, wider(4e-4)), "overlap", G1),
    "a grid over one of another village": (shaping(G4, wider(4e-4)), "overlap_across", G4),
    "a grid a little over its neighbour": (shaping(G1, wider(6e-6)), "overlap_sliver", G1),
    "one shape twice": (twice, "same_shape", None),
    "a grid inside another": (inside, "contained", f"{V}005"),
    "a corner off by some centimetres": (shaping(G1, wider(1e-9)), "unmatched", G1),
    "a grid over the border of its village": (shaping(G4, wider(4e-4)), "crosses", G4),
    "a grid a little over the border of its village": (shaping(G4, wider(6e-6)), "crosses_sliver", G4),
    "a grid in another village": (setting(G4, PARENT, W_), "elsewhere", G4),
    "a grid in the sea": (moving(G1, -0.5), "outside", G1),
    "a grid of two parts": (shaping(G2, lambda s: shapely.MultiPolygon([s.intersection(shapely.box(*part)) for part in (cut(s.bounds, 3, False)[0], cut(s.bounds, 3, False)[2])])), "multipart", G2),
    "a grid with a hole": (shaping(G2, hole), "holed", G2),
    "a strip of a grid": (shaping(G2, lambda s: shapely.box(s.bounds[0], s.bounds[1], s.bounds[0] + 3e-5, s.bounds[3])), "thin", G2),
    "a grid as small as a room": (shaping(G2, lambda s: s.centroid.buffer(2e-5)), "tiny", G2),
    "a grid without a shape": (shaping(G2, lambda s: None), "no_shape", G2),
    "a grid of an empty shape": (shaping(G2, lambda s: shapely.Polygon()), "no_shape", G2),
    "a micro-grid that is missing": (half_dropped, "gap_edge", G2),
    "a micro-grid over the border of its grid": (shaping(f"{G1}02", wider(4e-4)), "crosses", f"{G1}02"),
    "two micro-grids over each other": (shaping(f"{G1}02", lambda s: translate(s, 0, -2e-4)), "overlap", f"{G1}02"),
    "a code with a letter": (recode(G4, f"{V}A04"), "code_digits", f"{V}A04"),
    "a code too short": (recode(G4, f"{V}04"), "code_length", f"{V}04"),
    "a code too long": (recode(G4, f"{V}000004"), "code_length", f"{V}000004"),
    "a code of another village": (recode(G4, "990101001209004"), "code_prefix", "990101001209004"),
    "a micro-grid's code at a grid": (setting(f"{G1}01", LEVEL, "grid"), "code_level", f"{G1}01"),
    "a number of zeros": (recode(G4, f"{V}000"), "code_zero", f"{V}000"),
    "a number left out": (recode(G4, f"{V}006"), "sequence_hole", V),
    "numbers from two": (renumbered, "sequence_start", V),
    "no parent": (setting(G4, PARENT, None), "no_parent", G4),
    "an unknown parent": (setting(G4, PARENT, "990101001299"), "unknown_parent", G4),
    "a grid of a town": (setting(G4, PARENT, TOWN), "parent_level", G4),
    "a grid of a grid": (setting(G4, PARENT, G3), "parent_level", G4),
    "a micro-grid of a village": (setting(f"{G1}01", PARENT, V), "parent_level", f"{G1}01"),
    "a grid of itself": (setting(G4, PARENT, G4), "own_parent", G4),
    "no name": (setting(G4, NAME, "  "), "name_missing", G4),
    "a name of question marks": (setting(G4, NAME, "????"), "name_placeholder", G4),
    "a name that was a test": (setting(G4, NAME, "测试"), "name_placeholder", G4),
    "one name twice": (setting(G4, NAME, "第1网格"), "name_repeated", G4),
    "one name twice, with a space": (setting(G4, NAME, "第1 网格"), "name_repeated", G4),
    "a name with a line break": (setting(G4, NAME, "第四\n网格"), "name_spaces", G4),
    "no kind": (setting(G4, KIND, None), "kind_missing", G4),
    "no level": (setting(G4, LEVEL, None), "level_missing", G4),
    "no people": (setting(G4, PEOPLE, None), "people_missing", G4),
    "no households": (setting(G4, HOMES, None), "households_missing", G4),
    "zero households": (setting(G4, HOMES, 0.0), "households_zero", G4),
    "more households than people": (setting(G4, PEOPLE, 60.0), "households_above_people", G4),
    "thirty people a household": (setting(G4, PEOPLE, 2400.0), "household_size", G4),
    "households that do not add up": (setting(G4, HOMES, 180.0), "households_differ", V),
    "people that do not add up": (setting(G4, PEOPLE, 400.0), "people_differ", V),
    "households of micro-grids that do not add up": (setting(f"{G1}01", HOMES, 70.0), "households_differ", G1),
    "staff not told": (setting(G4, STAFF, None), "staff_missing", G4),
    "nobody in charge": (setting(G4, STAFF, 0.0), "staff_none", G4),
    "one person for a thousand households": (lambda s: (setting(G4, HOMES, 1000.0)(s), setting(G4, PEOPLE, 2900.0)(s), setting(G4, STAFF, 1.0)(s)), "staff_few", G4),
    "a staff of two hundred": (setting(G4, STAFF, 200.0), "staff_many", G4),
    "too few households for a norm": (setting(G4, HOMES, 20.0), "norm_households", G4),
    "too many households for a norm": (setting(G4, HOMES, 900.0), "norm_households", G4),
    "too many grids for a norm": (lambda s: [s.add([f"{V}0{n:02d}", f"第{n}网格", "grid", V, "general", 1.0, 1.0, 1.0, shapely.Polygon()]) for n in (5, 6)], "norm_grids", V),
    "too few staff for a norm": (setting(G4, STAFF, 1.0), "norm_staff", G4),
}  # fmt: skip


def test_a_clean_ground_has_no_finding():
    assert [each for each in Sown().found if each.defect.weight is not Weight.NORM] == []


@pytest.mark.parametrize("name", SEEDS)
def test_each_sown_defect_is_found_in_its_place(name):
    sow, kind, place = SEEDS[name]
    sown = Sown()
    sow(sown)
    hits = [each for each in sown.found if each.kind == kind and place in (None, each.key, each.unit, each.other)]
    assert hits, sorted({(each.kind, each.key or each.unit) for each in sown.found})
    assert all(each.says.zh and each.says.en for each in hits)


def test_more_than_forty_kinds_are_sown_and_every_kind_but_those_of_one_norm_is_among_them():
    assert len(SEEDS) > 40
    assert set(DEFECTS) - {kind for _, kind, _ in SEEDS.values()} <= {"norm_area"}


def test_areas_of_gaps_and_overlaps_are_geodesic():
    sown = Sown()
    sown.drop(G2)
    gap = next(each for each in sown.found if each.kind == "gap_edge" and each.unit == V)
    right = areas(np.array([shapely.box(*cut(cut(BOX, 2, True)[0], 4, True)[1])]))[0]
    assert gap.m2 == pytest.approx(right, rel=1e-9)
    assert gap.mu == pytest.approx(right * 15 / 10_000)
    assert gap.shape.symmetric_difference(shapely.box(*gap.shape.bounds)).area < 1e-12


@pytest.mark.parametrize(("sow", "default", "strict", "loose"), [
    (lambda s: None, True, True, True),
    (setting(G4, STAFF, 0.0), False, False, False),
    (setting(G4, HOMES, 150.0), True, False, True),
    (setting(G4, HOMES, 20.0), False, False, True),
    (shaping(G4, wider(4e-4)), False, False, True),
    (recode(G4, f"{V}A04"), False, False, False),
])  # fmt: skip
def test_standards_are_sets_of_tests(sow, default, strict, loose):
    sown = Sown()
    sow(sown)
    code = next(row[0] for row in sown.rows if row[1] == "第4网格" and row[3] == V)
    marks = failed(sown.found).get(code, 0)
    said = {name: not marks & mask_of(tests) for name, tests in STANDARDS.items()}
    assert said == {"default": default, "strict": strict, "loose": loose}


def test_the_ground_may_be_empty():
    ground = clean()
    assert audit(Ground(ground.units, replace(ground.grids).where(np.zeros(len(ground.grids), dtype=bool)))) == []
