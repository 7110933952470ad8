"""A book of tallies says of every unit what the log says of the units inside it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kept import Kept
from geodata import tally_books, targets, units
from geodata.door import Scope
from geodata.judging import passes
from geodata.tallies import Change, owned, tallied
from geodata.tally_books import Shelf, book, shelf
from geodata.target_ground import Ground, grounded
from geodata.targets_below import failing, passing
from layers._asked import CountAtLeast, EachAtLeast, UnitsAtLeast, parts
from layers._indicator import Count
from tests.app.stood import COUNTY, MAY, TOWN, door  # noqa: F401
from tests.geodata.test_standings import one

PATHS = ["/1/11/", "/1/12/", "/2/21/", "/2/22/", "/2/23/"]
DAYS = some.integers(0, 40).map(lambda each: date(2026, 1, 1) + timedelta(each))
NUMBERS = some.none() | some.sampled_from([0.0, 0.4, 0.5, 0.9, 3.0])
RULES = [EachAtLeast(by="x.y", at_least=0.5, level="village"), UnitsAtLeast(by="x.y", reach=0.9, at_least=0.3, level="village"), CountAtLeast(by="x.y", at_least=3, units=True)]


@given(
    some.lists(some.tuples(some.sampled_from(PATHS), DAYS, NUMBERS), max_size=30), some.sets(DAYS, min_size=1, max_size=6).map(sorted),
    some.sampled_from(RULES), some.sampled_from([None, 0.0]), some.sampled_from(["/", "/1/", "/2/", "/2/21/", "/3/"]),
)  # fmt: skip
def test_a_book_counts_as_a_tally_does(changes, days, rule, start, above):
    logged = {(path, day): value for path, day, value in changes}
    rows = [(path, day, value) for (path, day), value in logged.items()]

    def asked(*_):
        return np.array(
            [(PATHS.index(path), (day - date(1970, 1, 1)).days, *[np.nan if value is None else value] * 3) for path, day, value in rows],
            dtype=[(name, float) for name in ("place", "day", "value", "numerator", "denominator")],
        )  # fmt: skip

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally_books, "numbers", asked)
        made = book(Anybody, Shelf(PATHS, PATHS), rule, "x.y", grounded_on(days, start))
    here = [path for path in PATHS if path.startswith(above) and path != above]
    plain = [Change(path, None, None, None, None) for path in here]
    plain += sorted((Change(path, day, value, value, value) for path, day, value in rows if path in here), key=lambda each: each.day)
    first = owned(rule, start, start, None)[0]
    assert made.inside(above) == tallied(rule, plain, days, first)
    held = dict.fromkeys(here, first) | {each.unit: owned(rule, each.value, each.numerator, each.denominator)[0] for each in plain if each.day}
    failing = sorted((value, path) for path, value in held.items() if passes(rule, value) is False)
    assert [(value, code) for code, value, *_ in made.worst(above, 3)] == failing[:3]


def grounded_on(days, start):
    """Of an indicator that is no quotient; a number before the first change, or none."""
    measure = Count() if start == 0 else Count(surveyed=True)
    return Ground({"x.y": "default"}, {"x.y": measure}, {"x.y": days}, {}, {"x.y": None}, 1)


class Anybody:
    """A reader of the newest day."""

    connection = None

    class scope:  # noqa: N801
        day, area = None, None


ASKED = [
    one(EachAtLeast(by="cameras.online", at_least=0.75, level="village")), one(UnitsAtLeast(by="cameras.online", reach=0.9, at_least=0.3, level="town")),
    one(UnitsAtLeast(by="cameras.online", reach=0.9, at_least=0.3, level="village")),
]  # fmt: skip


def kept_by(kept: Kept, asked: list[str]):
    """A place where books are kept, which notes what it is asked for."""

    def keep(key, make, weigh):
        asked.append(key[0])
        return kept.get(key, make, weigh)

    return keep


def stood(door, code, day=None, **more):  # noqa: F811
    return door.ask(lambda reader: targets.standings(reader, units.unit(reader, code), only=ASKED, **more), Scope(day=day))


def test_standings_are_the_same_out_of_books(door):  # noqa: F811
    kept, asked = Kept(), []
    for code, day in ((COUNTY, None), (TOWN, None), (COUNTY, MAY)):
        booked = stood(door, code, day, keep=kept_by(kept, asked))
        assert booked == stood(door, code, day)
        assert booked[0].parts[0].numbers.denominator
    assert asked.count("book") == 8  # a town is asked of no towns


def test_a_level_of_too_many_units_is_asked_of_the_log(door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(tally_books, "MOST", 1)
    asked = []
    assert stood(door, COUNTY, keep=kept_by(Kept(), asked)) == stood(door, COUNTY)
    assert set(asked) == {"shelf"}
    assert len(door.ask(lambda reader: shelf(reader, "village", 0))) == 2


def below(door, code, day=None, keep=None):  # noqa: F811
    """Which units below one pass and fail, of every level and target."""

    def asked(reader):
        unit, ground = units.unit(reader, code), grounded(reader, only=ASKED)
        worst = [failing(reader, unit, level, parts(each.rule)[0], ground, 2, keep) for each in ASKED for level in ("town", "village")]
        return passing(reader, unit, ASKED, ground, keep), worst

    return door.ask(asked, Scope(day=day))


@pytest.mark.parametrize(("code", "day"), [(COUNTY, None), (TOWN, None), (COUNTY, MAY)])
def test_units_below_are_the_same_out_of_books(door, code, day):  # noqa: F811
    booked = below(door, code, day, kept_by(Kept(), []))
    assert booked == below(door, code, day)
    assert any(booked[0].values()) and any(booked[1])
