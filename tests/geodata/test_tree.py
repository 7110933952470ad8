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
    return Tree(*words, np.array(above), np.array(depths), area, people, people, people, *2 * (np.ones(n, dtype=bool),))


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


def part_of(tree, touched):
    """The part of a tree that is counted again when some units were touched, as `geodata.tree.part` reads it, and where its units stand."""
    counted = np.array([any(touched[at] for at in below(tree, unit)) for unit in range(len(tree))])
    here = np.flatnonzero(counted | (counted[tree.parents] & (tree.parents >= 0)))
    where = np.full(len(tree) + 1, -1)
    where[here] = np.arange(len(here))
    columns = {name: getattr(tree, name)[here] for name in ("codes", "paths", "levels", "themes", "depths", "area_m2", "population", "households", "registered")}
    return Tree(**columns, parents=where[tree.parents[here]], counted=counted[here], touched=touched[here]), here


@given(trees(), st.integers(0, 2**32 - 1))
def test_a_part_says_what_the_whole_would_though_nobody_knows_what_lies_beside(tree, seed):
    rng = np.random.default_rng(seed)
    before, touched = rng.choice([0.0, 1.0, 7.0, 0.1, 1e6 / 3], len(tree)), rng.random(len(tree)) < 0.3
    now = np.where(touched, rng.choice([0.0, 2.0, 0.7], len(tree)), before)
    part, here = part_of(tree, touched)
    known = np.where(part.asked, tree.added_up(before)[here], np.nan)
    found = part.summed(np.arange(len(part)), known, now[here])
    expected = tree.added_up(now)[here]
    np.testing.assert_allclose(found[part.counted], expected[part.counted], rtol=1e-9, atol=1e-9)
    if not np.any(before % 1) and not np.any(now % 1):
        assert np.array_equal(found[part.counted], expected[part.counted])


def test_what_is_taken_away_leaves_nothing_behind():
    """0.1 + 0.2 is not 0.3: the last bits of a difference are no number of their own."""
    words = [np.array(each, dtype=object) for each in (["a", "b", "c", "d"], ["a/", "a/b/", "a/c/", "a/d/"], ["village"] * 4, ["units"] * 4)]
    ones = np.ones(4)
    part = Tree(*words, np.array([-1, 0, 0, 0]), np.array([0, 1, 1, 1]), ones, ones, ones, ones, np.array([True, True, True, False]), np.array([False, True, True, False]))
    assert list(part.asked) == [True, True, True, False]
    assert part.summed(np.zeros(0, dtype=np.intp), np.array([0.1 + 0.2, 0.1, 0.2 + 1e-17, np.nan]))[0] == 0.0
    assert part.summed(np.zeros(0, dtype=np.intp), np.array([0.7 + 0.1 + 0.2, 0.1, 0.2, np.nan]))[0] == 0.7 + 0.1 + 0.2 - (0.1 + 0.2)


@given(st.integers(0, 2**32 - 1))
def test_a_part_knows_ground_though_units_were_held_to_their_own(seed):
    """Two counties of three towns each, whose towns have a little more ground than they: what is full says nothing of its towns."""
    rng = np.random.default_rng(seed)
    paths = ["a/", *(f"a/{c}/" for c in "bc"), *(f"a/{c}/{t}/" for c in "bc" for t in "xyz")]
    parents = np.array([-1, 0, 0, 1, 1, 1, 2, 2, 2])
    words = [np.array(each, dtype=object) for each in (paths, paths, ["village"] * 9, ["units"] * 9)]
    area = np.array([6.0, 3.0, 3.0, *[1.0005] * 6])
    tree = Tree(*words, parents, np.array([0, 1, 1, *[2] * 6]), area, area, area, area, *2 * (np.ones(9, dtype=bool),))
    assert not tree.base()[:3].any()
    before, touched = np.append([0.0] * 3, rng.choice([0.0, 0.4, 1.0005], 6)), np.append([False] * 3, rng.random(6) < 0.4)
    now = np.where(touched, rng.choice([0.0, 0.3, 1.0005], 9), before)
    part, here = part_of(tree, touched)
    if not len(here):
        return
    known = tree.added_up(before, most=area)[here]
    full = part.filled(known)
    own = full.own(np.where(part.inner, 0.0, now[here]), np.where(full.asked, known, np.nan))
    found = part.added_up(own, most=part.area_m2)
    np.testing.assert_allclose(found[part.counted], tree.added_up(now, most=area)[here][part.counted], rtol=1e-9, atol=1e-9)
