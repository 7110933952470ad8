"""Questions asked through the door: what they answer, in which words they refuse, and that a scope hides what is outside."""

import json
from datetime import date

import pytest
import shapely
from sqlalchemy import text

from geodata import account, indicators, loads, measure, readings, rows, search, units
from geodata.door import Door, Scope
from geodata.errors import StoreError, UnknownRow, UnknownUnit
from geodata.tables import create_all
from layers import DeclarationError, themes
from layers._target import Aim
from tests.conftest import standing_on
from tests.geodata.laid import COUNTY, every_indicator, lay_units, nested, note_load, put

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)
EAST, WEST = "990101002000", "990101001000"
VILLAGE = "990101002202"
GRID = VILLAGE + "001"
KEY = f"{7:020d}"


def camera(number, lon, lat, online, **more):
    return {
        "key": f"{number:020d}", "name": f"村口{number}", "geom": shapely.Point(lon, lat), "status": "in_use",
        "online": online, "networked": "networked", "shape": "dome", "distance": 50.0, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def door(new_database):
    """Two days: in November one of three cameras goes offline."""
    store = new_database("questions")
    create_all(store)
    shapes = nested()
    x, y = shapes[GRID][2].centroid.x, shapes[GRID][2].centroid.y
    cameras = [camera(7, x, y, "online"), camera(8, x + 0.001, y, "online"), camera(9, 124.001, 30.001, "online")]
    space = {"key": "P1", "name": "晒场", "geom": shapely.Point(x, y).buffer(0.0005), "state": "let", "mu": 3.5}
    with store.begin() as connection:
        paths = lay_units(connection, shapes, {VILLAGE: 800, GRID: 300})
        note_load(connection, "cameras", 4, OCTOBER)
        put(connection, "cameras", cameras, shapes, paths, load=4, day=OCTOBER)
        put(connection, "spaces", [space], shapes, paths, load=4, day=OCTOBER)
        measure.run(connection, OCTOBER)
        _goes_offline(connection)
        note_load(connection, "cameras", 5, NOVEMBER)
        measure.run(connection, NOVEMBER, {"cameras": set()})
    return Door(store)


def _goes_offline(connection):
    names = ", ".join(
        f'"{each}"' for each in (("id", "key", "source", "row_no", "load_id", "since", "hash", "unit", "path", "geom"))
    )
    fields = ", ".join(f'"{each.name}"' for each in themes()["cameras"].fields)
    connection.execute(
        text(f"""INSERT INTO onemap.cameras_past ({names}, {fields}, until, until_load)
            SELECT {names}, {fields}, :day, 5 FROM onemap.cameras WHERE key = :key"""),
        {"day": NOVEMBER, "key": KEY},
    )
    connection.execute(
        text("UPDATE onemap.cameras SET online = 'offline', since = :day, load_id = 5 WHERE key = :key"),
        {"day": NOVEMBER, "key": KEY},
    )


@pytest.fixture
def reader(door):
    with door.reader() as opened:
        yield opened


@pytest.fixture
def western(door):
    with door.reader(Scope(area=WEST)) as opened:
        yield opened


@pytest.fixture
def october(door):
    with door.reader(Scope(day=OCTOBER)) as opened:
        yield opened


def test_home_is_the_largest_root_or_the_scopes_area(reader, western):
    assert (units.home(reader).code, units.home(western).code) == (COUNTY, WEST)


def test_an_empty_ladder_is_refused(store):
    with Door(store).reader() as reader, pytest.raises(StoreError) as refusal:
        units.home(reader)
    expected = "onemap ladder: it holds no unit; load boundaries with ./onemap load FILE --theme units."
    assert str(refusal.value) == expected


def test_a_unit_says_what_it_is(reader):
    unit = units.unit(reader, VILLAGE)
    assert (unit.level, unit.parent, unit.depth, unit.population, unit.children) == ("village", EAST, 2, 800, 2)
    assert unit.bounds == pytest.approx(nested()[VILLAGE][2].bounds)


def test_children_and_path(reader):
    assert [each.code for each in units.children(reader, COUNTY)] == [WEST, EAST]
    assert units.children(reader, GRID) == ()
    assert [each.level for each in units.path(reader, GRID)] == ["county", "town", "village", "grid"]


def test_a_path_begins_at_the_scopes_area(western):
    assert [each.code for each in units.path(western, "990101001201")] == [WEST, "990101001201"]


def test_an_outline_is_the_border_in_degrees(reader):
    outline = shapely.geometry.shape(units.outline(reader, VILLAGE))
    assert outline.symmetric_difference(nested()[VILLAGE][2]).area < 1e-9


QUESTIONS = {
    "unit": units.unit,
    "children": units.children,
    "path": units.path,
    "outline": units.outline,
    "card": indicators.card,
    "of_children": lambda reader, code: readings.of_children(reader, "cameras.online", code),
    "trend": lambda reader, code: indicators.trend(reader, "cameras.online", code),
    "counts": rows.counts,
    "states": lambda reader, code: rows.counted(reader, code, ["cameras"])[1]["cameras"],
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_a_code_outside_the_scope_and_a_code_that_is_none_get_the_same_words(reader, western, ask):
    for reader_, code in ((reader, "999"), (western, "999"), (western, EAST), (western, COUNTY), (western, GRID)):
        with pytest.raises(UnknownUnit) as refusal:
            ask(reader_, code)
        assert str(refusal.value) == f"unit {code}: the ladder has no such code; use one that search finds."
    ask(western, WEST)


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_a_scope_whose_area_is_no_unit_sees_nothing(door, ask):
    with door.reader(Scope(area="998")) as nobody, pytest.raises(UnknownUnit):
        ask(nobody, COUNTY)


def test_values_of_children(reader):
    found = readings.of_children(reader, "cameras.online", COUNTY)
    assert [(each.code, each.value, each.numerator, each.denominator) for each in found] == [
        (WEST, 1.0, 1, 1),
        (EAST, 0.5, 1, 2),
    ]


def test_a_leaf_stands_for_itself(reader):
    (only,) = readings.of_children(reader, "cameras.count", GRID)
    assert (only.code, only.value) == (GRID, 2)


def test_where_nothing_is_counted_a_share_is_unknown_and_a_count_is_zero(reader):
    empty = "990101001203002"
    assert readings.of_children(reader, "cameras.count", empty)[0].value == 0
    share = readings.of_children(reader, "cameras.online", empty)[0]
    assert (share.value, share.numerator, share.denominator) == (None, 0, 0)


def test_a_day_is_answered_with_the_values_of_that_day(october, door):
    assert readings.of_children(october, "cameras.online", COUNTY)[1].value == 1.0
    with door.reader(Scope(day=date(2026, 9, 1))) as earlier:
        found = readings.of_children(earlier, "cameras.count", COUNTY)[0]
        assert (found.value, found.numerator) == (None, None)
        assert indicators.trend(earlier, "cameras.count", COUNTY) == ()


def test_a_trend_has_one_value_a_day(reader, october):
    assert indicators.trend(reader, "cameras.online", EAST) == ((OCTOBER, 1.0), (NOVEMBER, 0.5))
    assert indicators.trend(october, "cameras.online", EAST) == ((OCTOBER, 1.0),)
    assert indicators.trend(reader, "cameras.online", WEST) == ((OCTOBER, 1.0), (NOVEMBER, 1.0))


def test_a_card_holds_every_declared_indicator_with_its_targets(reader):
    card = {each.indicator: each for each in indicators.card(reader, EAST)}
    assert list(card) == every_indicator()
    assert (card["cameras.online"].value, card["cameras.online"].state) == (0.5, "missed")
    assert (card["cameras.networked"].value, card["cameras.intact"].state) == (1.0, "met")
    assert card["cameras.online"].day == NOVEMBER and card["spaces.mu"].lacks == "spaces"
    assert card["entrances.seen"].state == "none"


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "none"), (0.7, "met"), (0.69, "near"), (0.665, "near"), (0.66, "missed")]
)
def test_near_misses_by_at_most_five_hundredths_of_the_threshold(value, expected):
    assert indicators.state(Aim(at_least=0.7), value) == expected


def test_a_target_from_above(reader):
    target = Aim(at_most=100)
    assert [indicators.state(target, each) for each in (100, 105, 106)] == ["met", "near", "missed"]


@pytest.mark.parametrize("name", ["cameras.beauty", "cameras", "nothing.count", "cameras.*"])
def test_an_unknown_indicator_is_refused(reader, name):
    with pytest.raises(DeclarationError, match="there is no indicator"):
        indicators.trend(reader, name, COUNTY)


def test_counts_and_states_of_a_unit(reader, october):
    assert rows.counts(reader, COUNTY) == {each: {"cameras": 3, "spaces": 1}.get(each, 0) for each in themes()}
    assert rows.counted(reader, EAST, ["cameras"])[1] == {"cameras": {"online": 1, "offline": 1}}
    assert rows.counted(october, EAST, ["cameras"])[1] == {"cameras": {"online": 2, "offline": 0}}
    assert rows.counted(reader, EAST, ["roads"])[1] == {}


def test_a_row_says_everything_that_is_known_of_it(reader):
    row = rows.row(reader, "cameras", KEY)
    assert (row.title, row.values["online"], row.values["distance"]) == ("村口7", "offline", 50.0)
    assert [each.code for each in row.path] == [COUNTY, EAST, VILLAGE, GRID]
    assert (row.load.id, row.load.file) == (5, "cameras.csv")
    assert row.declared.field("distance").unit == "m"
    assert row.bounds[0] == row.lon


def test_a_row_of_an_area_lies_in_its_bounds(reader):
    row = rows.row(reader, "spaces", "P1")
    west, south, east, north = row.bounds
    assert west < row.lon < east and south < row.lat < north


def test_a_row_on_a_day_is_the_version_of_that_day(october, door):
    row = rows.row(october, "cameras", KEY)
    assert (row.values["online"], row.load.id) == ("online", 4)
    with door.reader(Scope(day=date(2026, 9, 1))) as earlier, pytest.raises(UnknownRow):
        rows.row(earlier, "cameras", KEY)


def test_a_row_outside_the_scope_and_a_key_that_is_none_get_the_same_words(reader, western):
    for reader_, key in ((western, KEY), (reader, "nix"), (western, "nix")):
        with pytest.raises(UnknownRow) as refusal:
            rows.row(reader_, "cameras", key)
        assert str(refusal.value) == f"row cameras/{key}: the theme has no such key; use one that search finds."


def test_search_finds_units_before_rows_and_by_any_part_of_a_units_name(reader):
    hits = search.find(reader, "9901010")
    assert [each.code for each in hits[:3]] == [COUNTY, WEST, EAST]
    assert {each.kind for each in search.find(reader, "age202")} == {"unit"}
    assert [each.title for each in search.find(reader, "晒")] == ["晒场"]


def test_a_hit_says_where_it_is(reader):
    hit = next(each for each in search.find(reader, KEY))
    assert (hit.kind, hit.theme, hit.code, hit.title) == ("row", "cameras", KEY, "村口7")
    assert hit.subtitle == "county000 / town000 / village202 / grid001"
    unit = search.find(reader, VILLAGE)[0]
    assert unit.subtitle == "county000 / town000"
    assert shapely.Point(unit.lon, unit.lat).within(nested()[VILLAGE][2])


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "\\", "没有这个地方", "'; DROP TABLE onemap.ladder; --"])
def test_search_takes_every_text_as_text(reader, words):
    assert search.find(reader, words) == ()


def test_search_stays_inside_the_scope_and_the_limit(western, reader):
    assert {each.code for each in search.find(western, "9901010")} == {
        code for code in nested() if code.startswith(WEST[:9])
    }
    assert [each.code for each in search.find(western, "村口")] == [f"{9:020d}"]
    assert search.find(western, f"{9:020d}")[0].subtitle == "town000 / village201 / grid001"
    assert len(search.find(reader, "99", limit=4)) == 4


def test_loads_are_told(reader):
    assert loads.freshness(reader)["cameras"].id == 5
    assert [each.id for each in loads.ledger(reader, 1)] == [5]


@pytest.fixture
def at_the_door(door):
    with standing_on(door.sources.primary.engine.url):
        yield


def test_the_account_as_json_gives_the_numbers_of_the_card(reader, at_the_door, capsys):
    assert account.main(["--unit", EAST, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    card = {each.indicator: each for each in indicators.card(reader, EAST)}
    assert told["unit"]["code"] == EAST
    assert {each["indicator"]: each["value"] for each in told["indicators"]} == {n: f.value for n, f in card.items()}


def test_the_account_as_text(at_the_door, capsys):
    assert account.main(["--day", "2026-10-31"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"county000 ({COUNTY}, county)\n")
    assert "cameras.online" in told and "100.00 %" in told and "3 of 3" in told and "FG-996-3 met" in told
