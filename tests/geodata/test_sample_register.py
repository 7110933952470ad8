import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.sample.register import split
from layers._ladder import level_of, parent_code
from tests.geodata.sample_city import SampleCity, sample_city


@pytest.fixture(scope="module")
def register():
    return sample_city().register


def test_the_root_is_the_sample_city(register):
    assert register["city"].iloc[0][["code", "name"]].tolist() == ["990100000000", "云岫市"]
    assert sorted(register["county"]["code"]) == ["990101000000", "990102000000", "990103000000"]


def test_codes_are_unique_nest_and_tell_their_level(register):
    for name, table in register.items():
        assert table["code"].is_unique
        assert {level_of(code) for code in table["code"]} == {name}
        if name != "city":
            assert [parent_code(code) for code in table["code"]] == table["parent"].tolist()


def test_village_codes_say_community_or_committee(register):
    village = register["village"]
    number = village["code"].str[9:].astype(int)
    community = village["name"].str.endswith("社区")
    assert number[community].between(1, 199).all()
    assert number[~community].between(200, 399).all()
    assert community.any() and (~community).any()


def test_names_are_unique_within_their_parent(register):
    for table in register.values():
        assert not table.duplicated(["parent", "name"]).any()


@pytest.mark.parametrize("column", ["population", "households"])
def test_people_add_up_level_by_level(register, column):
    for above, below in (("city", "county"), ("county", "town"), ("town", "village"), ("village", "grid"), ("grid", "microgrid")):
        summed = register[below].groupby("parent")[column].sum()
        assert (register[above].set_index("code")[column] == summed.reindex(register[above]["code"])).all()


def test_villages_are_of_all_sizes(register):
    people = register["village"]["population"]
    assert people.between(200, 6_000).all()
    assert 0.05 < (people < 500).mean() < 0.35
    assert people.max() > 3_000


def test_no_person_is_named(register):
    assert "staff" in register["grid"] and register["grid"]["staff"].between(0, 3).all()


def test_the_same_seed_gives_the_same_register(register):
    again = SampleCity("county", 1).register
    assert all(again[level].equals(register[level]) for level in register)


@given(st.lists(st.tuples(st.integers(0, 9_000), st.lists(st.floats(0.01, 50), min_size=1, max_size=9)), min_size=1, max_size=20))
def test_parts_add_up_to_what_was_split(rows):
    total = np.array([whole for whole, _ in rows])
    of_part = np.concatenate([[k] * len(weights) for k, (_, weights) in enumerate(rows)]).astype(int)
    weight = np.concatenate([weights for _, weights in rows])
    parts = split(total, of_part, weight)
    assert (parts >= 0).all()
    assert (np.bincount(of_part, parts, len(total)) == total).all()
