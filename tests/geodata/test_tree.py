"""Adding up along the ladder, on ladders of every shape."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.tree import Tree


@st.composite
def trees(draw):
    """A tree of up to 30 units, each below one that came before it; some owned by another theme than their parent."""
    n = draw(st.integers(1, 30))
    above = [-1, *(draw(st.integers(-1, i - 1)) for i in range(1, n))]
    depths, paths = [0] * n, [""] * n
    for i, parent in enumerate(above):
        depths[i] = depths[parent] + 1 if parent >= 0 else 0
        paths[i] = (paths[parent] if parent >= 0 else "") + f"{i:02d}/"
    numbers = st.one_of(st.none(), st.integers(0, 1000))
    people = np.array([np.nan if (x := draw(numbers)) is None else float(x) for _ in range(n)])
    themes = [draw(st.sampled_from(["units", "grids"])) for _ in range(n)]
    area = np.array([draw(st.floats(1, 100)) for _ in range(n)])
    words = [np.array(each, dtype=object) for each in (paths, paths, ["village"] * n, themes)]
    return Tree(*words, np.array(above), np.array(depths), area, people, people, people, np.ones(n, dtype=bool))


def below(tree, at):
    return [i for i in range(len(tree)) if tree.paths[i].startswith(tree.paths[at])]


@given(trees(), st.integers(0, 2**32 - 1))
def test_a_unit_is_the_sum_of_everything_below_it(tree, seed):
    own = np.random.default_rng(seed).integers(0, 50, len(tree)).astype(float)
    total = tree.added_up(own)
    for at in range(len(tree)):
        assert total[at] == own[below(tree, at)].sum()


@given(trees(), st.integers(0, 2**32 - 1))
def test_stops_keep_their_own_number(tree, seed):
    rng = np.random.default_rng(seed)
    own, stops = rng.integers(0, 50, len(tree)).astype(float), rng.random(len(tree)) < 0.4
    total = tree.added_up(own, stops)
    for at in range(len(tree)):
        children = [i for i in range(len(tree)) if tree.parents[i] == at]
        assert total[at] == (own[at] if stops[at] else own[at] + total[children].sum())


@given(trees())
def test_people_are_those_of_the_lowest_units_of_a_theme_where_all_are_known(tree):
    column = tree.column("population")
    for at in range(len(tree)):
        children = [i for i in range(len(tree)) if tree.parents[i] == at and tree.themes[i] == tree.themes[at]]
        known = children and not np.isnan(column[children]).any()
        expected = column[children].sum() if known else tree.population[at]
        np.testing.assert_equal(column[at], expected)


@given(trees())
def test_leaves_are_base_units_and_parents_are_where_children_leave_gaps(tree):
    base = tree.base()
    for at in range(len(tree)):
        children = [i for i in range(len(tree)) if tree.parents[i] == at]
        gap = abs(tree.area_m2[children].sum() - tree.area_m2[at]) > 0.001 * tree.area_m2[at]
        assert base[at] == (not children or gap)


@given(trees())
def test_positions_of_paths(tree):
    assert list(tree.positions([*tree.paths, "elsewhere/"])) == [*range(len(tree)), -1]
