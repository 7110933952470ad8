"""Rows in and out by COPY are the rows themselves."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geodata.copying import BLOCK_ROWS, FEW_ROWS, copy_in, copy_out, numbers
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


KINDS = {
    "word": ("text", pa.string()), "short": ("varchar", pa.string()), "small": ("smallint", pa.int16()), "whole": ("integer", pa.int32()),
    "long": ("bigint", pa.int64()), "near": ("real", pa.float32()), "number": ("float8", pa.float64()), "yes": ("boolean", pa.bool_()),
    "day": ("date", pa.date32()), "place": ("geometry", pa.binary()),
}  # fmt: skip


def some_rows(n: int, seed: int) -> dict[str, pa.Array]:
    """Values of every kind, a fifth of them missing."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-30_000, 30_000, n)
    texts = [WORDS[each % 4] * int(each % 7) if WORDS[each % 4] else "村" * int(each % 5) for each in numbers]
    values = {
        "word": texts, "short": texts, "small": numbers, "whole": numbers * 60_000, "long": numbers * 10**13, "near": numbers / 8, "number": numbers / 7,
        "yes": numbers > 0, "day": numbers.astype("datetime64[D]"), "place": shapely.to_wkb(shapely.set_srid(shapely.points(numbers / 200, numbers / 400), 4490), include_srid=True),
    }  # fmt: skip
    return {name: pa.array(np.asarray(each, dtype=object) if name in ("word", "short", "place") else each, KINDS[name][1], mask=rng.random(n) < 0.2) for name, each in values.items()}


@pytest.mark.parametrize("n", [FEW_ROWS + 1, BLOCK_ROWS + 3])
def test_many_rows_are_those_that_were_written_one_by_one(connection, n):
    rows = some_rows(n, n)
    for table in ("many", "few"):
        connection.execute(text(f"CREATE TEMP TABLE {table} ({', '.join(f'{name} {kind}' for name, (kind, _) in KINDS.items())}) ON COMMIT DROP"))
    assert copy_in(connection, "many", rows) == n
    for start in range(0, n, FEW_ROWS):
        copy_in(connection, "few", {name: values.slice(start, FEW_ROWS) for name, values in rows.items()})
    digest = "SELECT md5(string_agg(md5(r::text), '' ORDER BY ctid)) FROM {} AS r"
    assert len({connection.execute(text(digest.format(table))).scalar() for table in ("many", "few")}) == 1
    missing = connection.execute(text("SELECT count(*) FILTER (WHERE place IS NULL), count(DISTINCT word) FROM many")).one()
    assert missing == (rows["place"].null_count, len(set(rows["word"].drop_null().to_pylist())))


def test_what_does_not_fit_a_column_is_said_by_the_store(connection):
    connection.execute(text("CREATE TEMP TABLE narrow (small smallint) ON COMMIT DROP"))
    with pytest.raises(DBAPIError, match="out of range for type smallint"), connection.begin_nested():
        copy_in(connection, "narrow", {"small": pa.array([70_000] * (FEW_ROWS + 1))})


def test_geometry_may_be_hexadecimal(connection):
    there = shapely.points(np.arange(FEW_ROWS + 1.0), 30)
    copy_in(connection, "kept", {"place": pa.array(shapely.to_wkb(there, hex=True))})
    assert connection.execute(text("SELECT count(*), sum(ST_X(place)) FROM kept")).one() == (FEW_ROWS + 1, FEW_ROWS * (FEW_ROWS + 1) / 2)


def test_an_answer_without_rows_has_its_columns(connection):
    assert copy_out(connection, "SELECT word FROM kept", {}, {"word": pa.string()}).column_names == ["word"]
    assert numbers(connection, "SELECT number FROM kept", ("number",), {}).dtype.names == ("number",)


def test_geometry_may_be_bytes(connection):
    places = shapely.points([[124.1, 30.2], [0.1, 0.2]])
    words = [each or "" for each in WORDS[:2]]
    encoded = {"word": words, "place": list(shapely.to_wkb(places))}
    copy_in(connection, "kept", encoded)
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
