"""What is left of villages without homesteads and contract land, against PostGIS and by hand; followed row by row, and kept."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geodata import aggregates, exclusion, tables
from geodata.earth import M2_OF_MU, areas
from layers import DeclarationError, theme, themes
from tests.geodata.laid import lay_units, nested, note_load, put

CANDIDATES = theme("candidates")
A, B, C = "990101001201", "990101001202", "990101001203"  # villages, one above the other: each 0.02 by 0.01 degrees
W, E = 124.0, 124.02


def part(village, first, last):
    """A strip of a village, between two shares of its width."""
    s = 30.0 + (int(village[-1]) - 1) * 0.01
    return shapely.box(W + (E - W) * first, s, W + (E - W) * last, s + 0.01)


LAND = {
    "contract_land": [{"key": "L1", "geom": part(A, 0, 0.5)}, {"key": "L2", "geom": part(B, 0, 0.3)}, {"key": "L3", "geom": part(C, 0, 0.3)}],
    "homesteads": [
        {"key": "H1", "geom": part(A, 0.6, 0.9999)},  # the rest is 19 cm wide
        {"key": "H2", "geom": part(B, 0.4, 0.7)},
    ],
}

LEFT = """SELECT ST_Area(ST_Difference(l.geom, (SELECT ST_Union(geom) FROM (SELECT geom FROM onemap.homesteads UNION ALL
    SELECT geom FROM onemap.contract_land) t))::geography) FROM onemap.ladder l WHERE code = :code"""


@pytest.fixture(scope="module")
def laid(new_database):
    store = new_database("left")
    tables.create_all(store)
    units = nested()
    with store.begin() as connection:
        paths = lay_units(connection, units)
        ids = {name: put(connection, name, [{**each, "state": "used", "mu": 1.0} for each in rows], units, paths) for name, rows in LAND.items()}
        note_load(connection, "contract_land", 7)
        outcome = exclusion.rebuild(connection, CANDIDATES, 7)
    return store, ids, outcome


def rows(connection):
    question = "SELECT code, name, village, mu, width, unit, load_id FROM onemap.candidates ORDER BY code"
    return [tuple(each) for each in connection.execute(text(question))]


def test_what_both_surveys_leave_is_told_and_what_one_leaves_is_not(laid):
    store, _, outcome = laid
    with store.connect() as connection:
        found = rows(connection)
        assert [(each[0], each[1], each[2]) for each in found] == [
            (f"{A}C01", "village201候选01", A), (f"{B}C01", "village202候选01", B), (f"{B}C02", "village202候选02", B),
        ]  # fmt: skip
        hand = [areas(np.array([part(*each)]))[0] / M2_OF_MU for each in ((A, 0.5, 0.6), (B, 0.7, 1), (B, 0.3, 0.4))]
        assert [each[3] for each in found] == pytest.approx(hand, abs=0.01)
        # PostGIS goes its own way, and counts the slip of 19 cm too.
        by_postgis = [connection.execute(text(LEFT), {"code": code}).scalar() / M2_OF_MU for code in (A, B)]
        slip = areas(np.array([part(A, 0.9999, 1)]))[0] / M2_OF_MU
        assert by_postgis == pytest.approx([hand[0] + slip, hand[1] + hand[2]], rel=1e-6)
        assert all(each[5].startswith(each[2]) and each[6] == 7 for each in found)
        assert found[0][4] == pytest.approx(2 * 193 * 1109 / (2 * (193 + 1109)), rel=0.01)  # strips of 193 by 1,109 m
    assert (outcome.added, outcome.removed, len(outcome.ids)) == (3, 0, 3)


def test_nothing_is_written_twice_and_a_change_touches_its_village_only(laid):
    store, ids, _ = laid
    with store.connect() as connection, connection.begin() as begun:
        assert exclusion.rebuild(connection, CANDIDATES, 8).written == 0
        changed = [ids["homesteads"]["H2"]]
        connection.execute(text("UPDATE onemap.homesteads SET geom = ST_Multi(ST_GeomFromText(:wkt, 4490)) WHERE id = :id"),
                           {"id": changed[0], "wkt": part(B, 0.3, 0.7).wkt})  # fmt: skip
        codes = exclusion.touched(connection, theme("homesteads"), CANDIDATES.left_by, changed)
        assert B in codes and len(codes) < 4  # with the neighbours that it touches
        note_load(connection, "homesteads", 8)
        wrong = exclusion.differing(connection, CANDIDATES)
        assert [(each[0], each[2]) for each in wrong] == [(f"{B}C02", "none")]
        said = [str(each) for each in aggregates.differences(connection) if each.place == "candidates"]
        assert said and said[0].startswith(f"candidates: 1 pieces differ: {B}C02 says ") and said[0].endswith("run ./onemap rebuild left indicators.")
        outcome = exclusion.rebuild(connection, CANDIDATES, 8, codes)
        assert (outcome.added, outcome.changed, outcome.removed) == (0, 0, 1)
        assert [each[0] for each in rows(connection)] == [f"{A}C01", f"{B}C01"]
        assert connection.execute(text("SELECT key, until_load FROM onemap.candidates_past")).all() == [(f"{B}C02", 8)]
        begun.rollback()


def test_what_is_no_theme_of_areas_cannot_be_taken_away(monkeypatch):
    wrong = replace(CANDIDATES, left_by=replace(CANDIDATES.left_by, minus=("homesteads", "cameras")))
    monkeypatch.setattr("geodata.exclusion.themes", lambda: {**themes(), "candidates": wrong})
    with pytest.raises(DeclarationError) as refused:
        exclusion.standing_on(theme("homesteads"))
    assert str(refused.value) == "layers/candidates.py: left_by takes away 'cameras', which is no theme of areas; name themes of areas."
