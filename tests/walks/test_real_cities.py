"""Files that nobody here wrote become two cities with drill-down, by recipes alone.

The files are no part of the product: they lie beside the repository on the machines that have them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from etl import batch, pipeline
from geodata import loads, rows, units
from geodata.door import Door, Scope
from geodata.tables import create_all

DATA = Path(__file__).parents[3] / "shared" / "data"
RECIPES = Path(__file__).parents[1] / "recipes"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not on this machine")

TAIPEI = {
    "taipei_town": "taipei_towns",
    "taipei_village": "taipei_villages",
    "youbike_grid": "taipei_grid",
    "socl_welfare_organization_plc": "taipei_welfare",
    "building_unsued_land": "taipei_land",
}


def files():
    """File -> recipe, in the order of loading."""
    told = {DATA / "dakar_cameras/dakar_cameras.geojson": "dakar_cameras"}
    told |= {DATA / f"taipei_dashboard/{name}.geojson": recipe for name, recipe in TAIPEI.items()}
    beijing = DATA / "beijing_subdistricts"
    told[beijing / "city/beijing-outline.geojson"] = "beijing_city"
    for level in ("district", "subdistrict"):
        told |= dict.fromkeys(sorted((beijing / level).glob("*.geojson")), "beijing_units")
    return told


@pytest.fixture(scope="module")
def cities(new_database):
    """A store with both cities and the cameras of a third."""
    engine = new_database("real_cities")
    create_all(engine)
    told = files()
    done = list(
        batch.load_all(engine, list(told), lambda file: pipeline.prepare(file, recipe=RECIPES / f"{told[file]}.toml"))
    )
    assert not [each.refusal for each in done if each.refusal]
    return engine, {each.file.stem: each.report.load for each in done}


@pytest.fixture
def reader(cities):
    with Door(cities[0]).reader() as opened:
        yield opened


def test_every_row_is_accounted_for(cities):
    for line in cities[1].values():
        assert line.rows_in == line.added + line.set_aside + line.duplicates, line.file
    counted = {name: cities[1][name].rows_in for name in ("taipei_village", "youbike_grid", "dakar_cameras")}
    assert counted == {"taipei_village": 456, "youbike_grid": 4309, "dakar_cameras": 103}
    assert cities[1]["taipei_village"].changes == {"make_valid": 2, "number made text": 912}


def test_two_cities_with_every_level(reader):
    levels = reader.all(
        "SELECT split_part(path, '/', 1) AS root, level, count(*) AS n FROM onemap.ladder GROUP BY 1, 2"
    )
    assert {(row["root"], row["level"]): row["n"] for row in levels} == {
        ("63000", "city"): 1,
        ("63000", "county"): 12,
        ("63000", "village"): 456,
        ("63000", "grid"): 4273,
        ("110000000000", "city"): 1,
        ("110000000000", "county"): 16,
        ("110000000000", "town"): 343,
    }


def test_drill_down_in_taipei(reader):
    way = ["63000"]
    for name in ("北投區", "湖田里"):
        way.append({each.name: each.code for each in units.children(reader, way[-1])}[name])
    assert way == ["63000", "6301200", "6301200042"]
    assert [each.name for each in units.path(reader, way[-1])] == ["臺北市", "北投區", "湖田里"]
    assert len(units.children(reader, way[-1])) > 100
    assert rows.counts(reader, "63000")["halls"] == 575


def test_drill_down_in_beijing(reader):
    assert [each.name for each in units.path(reader, "110101001000")] == ["北京市", "东城区", "东华门街道"]
    assert len(units.children(reader, "110000000000")) == 16
    assert units.unit(reader, "110000000000").area_m2 == pytest.approx(
        16_411e6, rel=0.01
    )  # the city's own figure: 16,410.54 km²


def test_the_union_of_the_districts_is_the_city(reader):
    whole = units.unit(reader, "63000").area_m2
    assert whole == pytest.approx(sum(each.area_m2 for each in units.children(reader, "63000")), rel=0.002)
    assert whole == pytest.approx(268_549_964, rel=0.0005)  # the file's own AREA of its twelve districts, in m²


def test_a_reader_of_one_city_sees_nothing_of_the_other(cities):
    with Door(cities[0]).reader(Scope(area="63000")) as reader:
        assert units.home(reader).code == "63000"
        with pytest.raises(units.UnknownUnit, match="the ladder has no such code"):
            units.unit(reader, "110000000000")


def test_cameras_without_attributes_have_names_and_keys(reader):
    first = rows.row(reader, "cameras", f"{1:020d}")
    assert (first.values["name"], round(first.lon, 5), round(first.lat, 4)) == ("Dakar 1", -17.47515, 14.7008)


def test_every_city_has_its_numbers(cities):
    with cities[0].connect() as connection:
        found = connection.execute(
            text("SELECT DISTINCT ON (unit) unit, value FROM onemap.indicators WHERE indicator = 'grids.count' "
                 "AND unit IN ('63000', '6301200042') ORDER BY unit, day DESC")
        ).all()  # fmt: skip
    assert dict(found)["63000"] == 4273


def test_the_second_run_reads_nothing(cities):
    told = files()
    again = batch.load_all(
        cities[0], list(told), lambda file: pipeline.prepare(file, recipe=RECIPES / f"{told[file]}.toml")
    )
    assert all(each.report.unchanged for each in again)


def test_the_recipes_are_kept_with_the_loads(reader):
    assert loads.freshness(reader)["cameras"].recipe["constants"]["name"] == "Dakar {row}"
