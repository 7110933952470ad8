"""Rows in and out by COPY are the rows themselves."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from sqlalchemy import text

from geodata.copying import copy_in, copy_in_binary, copy_out, numbers
from geodata.history import beside_one_another

WORDS = ['say "yes"', "two\nlines", "", None, "逗号,", "\\N"]


@pytest.fixture
def connection(store):
    with store.connect() as connection, connection.begin() as begun:
        connection.execute(text("CREATE TEMP TABLE kept (word text, number float8, place geometry) ON COMMIT DROP"))
        yield connection
        begun.rollback()


def test_texts_and_numbers_come_out_as_they_went_in(connection):
    there = [1.5, None, -0.0, 1e300, 3.0, 7.25]
    copy_in(connection, "kept", {"word": pa.array(WORDS), "number": pa.array(there)})
    question = "SELECT word, number FROM kept WHERE number IS NULL OR number <> :none"
    found = copy_out(connection, question, {"none": 5}, {"word": pa.string(), "number": pa.float64()})
    assert found["word"].to_pylist() == WORDS
    assert found["number"].to_pylist() == there
    same = numbers(connection, "SELECT number AS n, length(word) AS long FROM kept", ("long", "n"), {})
    assert np.array_equal(same["n"], [np.nan if each is None else each for each in there], equal_nan=True)
    assert np.array_equal(same["long"], [len(each) if each is not None else np.nan for each in WORDS], equal_nan=True)


def test_an_answer_without_rows_has_its_columns(connection):
    assert copy_out(connection, "SELECT word FROM kept", {}, {"word": pa.string()}).column_names == ["word"]
    assert numbers(connection, "SELECT number FROM kept", ("number",), {}).dtype.names == ("number",)


def test_values_that_are_encoded_already_are_not_read_as_text(connection):
    places = shapely.points([[124.1, 30.2], [0.1, 0.2]])
    words = [each or "" for each in WORDS[:2]]
    encoded = {"word": [each.encode() for each in words], "place": list(shapely.to_wkb(places))}
    copy_in_binary(connection, "kept", encoded)
    rows = connection.execute(text("SELECT word, ST_AsBinary(place) FROM kept")).all()
    assert [row[0] for row in rows] == words
    assert [shapely.from_wkb(bytes(row[1])) for row in rows] == list(places)


def test_neighbours_on_the_map_are_neighbours_in_the_store():
    rng = np.random.default_rng(1)
    points = shapely.points(rng.uniform((124, 30), (125, 31), (2000, 2)))
    order = beside_one_another(points)
    assert sorted(order.tolist()) == list(range(2000))
    apart = [shapely.distance(some[1:], some[:-1]).mean() for some in (points, points[order])]
    assert apart[1] < apart[0] / 10
    assert beside_one_another(np.array([points[0], None])).tolist() == [0, 1]
