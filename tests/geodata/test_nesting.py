"""Who stands above whom, by words, by digits and by ground."""

import numpy as np
import shapely

from geodata.nesting import Node, added_up, parents, paths, rank_of, without_parent

COUNTY, TOWN, VILLAGE = "990101000000", "990101001000", "990101001201"


def no_shapes(codes):
    raise AssertionError(f"nobody should ask where {codes} lie")


def nodes(*given):
    return {each.code: each for each in given}


def test_the_digits_say_it():
    found = parents(
        nodes(
            *(Node(code, rank_of(level)) for code, level in ((COUNTY, "county"), (TOWN, "town"), (VILLAGE, "village")))
        ),
        no_shapes,
    )
    assert found == {COUNTY: None, TOWN: COUNTY, VILLAGE: TOWN}


def test_a_city_without_counties():
    """Towns of Dongguan (4419...) hang on the city: the digits' own parent does not exist."""
    found = parents(nodes(Node("441900000000", rank_of("city")), Node("441900003000", rank_of("town"))), no_shapes)
    assert found["441900003000"] == "441900000000"


def test_what_the_file_says_comes_before_the_digits():
    other = Node("990101002000", rank_of("town"))
    found = parents(
        nodes(Node(TOWN, rank_of("town")), other, Node(VILLAGE, rank_of("village"), given="990101002000")),
        lambda c: np.array([None] * len(c)),
    )
    assert found[VILLAGE] == "990101002000"


def test_a_parent_that_is_not_above_is_not_believed():
    village = Node(VILLAGE, rank_of("village"), given="990101001202")
    found = parents(nodes(village, Node("990101001202", rank_of("village")), Node(TOWN, rank_of("town"))), no_shapes)
    assert found[VILLAGE] == TOWN


def test_the_root_of_the_file():
    found = parents(nodes(Node("63", rank_of("city")), Node("a", rank_of("county"), root="63")), no_shapes)
    assert found == {"63": None, "a": "63"}


GROUND = {
    "big": shapely.box(0, 0, 4, 4),
    "small": shapely.box(0, 0, 2, 2),
    "in": shapely.box(0, 0, 1, 1),
    "out": shapely.box(9, 9, 10, 10),
}


def on_ground(codes):
    return np.array([GROUND[code] for code in codes])


def test_the_ground_says_it_last():
    given = nodes(
        Node("big", rank_of("county")),
        Node("small", rank_of("town"), given="big"),
        Node("in", rank_of("grid")),
        Node("out", rank_of("grid")),
    )
    found = parents(given, on_ground)
    assert found == {"big": None, "small": "big", "in": "small", "out": None}
    assert without_parent(given, found) == {"out"}


def test_a_unit_on_top_stands_alone():
    given = nodes(Node("big", rank_of("county")), Node("in", rank_of("grid"), top=True))
    found = parents(given, no_shapes)
    assert found["in"] is None
    assert without_parent(given, found) == set()


def test_paths():
    assert paths({"a": None, "b": "a", "c": "b"}, ["a", "b", "c"]) == {"a": "a/", "b": "a/b/", "c": "a/b/c/"}


def test_people_are_added_up_where_nobody_counted_them():
    own, parent = np.array([np.nan, 100, np.nan, 3, 4, 50, np.nan]), np.array([-1, 0, 0, 2, 2, 1, -1])
    total = added_up(own, parent, ~np.isnan(own))
    assert list(total[:6]) == [107, 100, 7, 3, 4, 50]
    assert np.isnan(total[6])
