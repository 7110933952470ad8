"""Boundary changes: a unit that went is still found, says when it stood and who took its ground, and has its numbers."""

import json
from datetime import date

import pytest

from etl.errors import SourceError
from etl.rollback import roll_back
from geodata import account, former, search
from geodata.door import Door, Scope
from geodata.errors import UnknownUnit
from tests.etl.test_pipeline import GOOD, A, B, halls, load, units
from tests.etl.test_pipeline import written as write

OCT, NOV, DEC = date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)


@pytest.fixture
def merged(store, tmp_path):
    """B becomes part of A, which the recipe says; A is renamed."""
    load(store, units(tmp_path, "AAB", name="old.geojson"), "units", day=OCT)
    load(store, halls(tmp_path, GOOD), day=OCT)
    new = units(tmp_path, "AAA", name="new.geojson")
    write(new, new.read_text("utf-8").replace("A村", "新甲村"))
    write(tmp_path / "new.toml", f"theme = 'units'\nas_of = 2025-11-30\n[successors]\n{B} = '{A}'")
    load(store, new, None, day=None)
    return store


def found(store, words, **scope):
    with Door(store).reader(Scope(**scope)) as reader:
        return [(each.kind, each.code, each.title) for each in search.find(reader, words)]


def test_old_names_and_codes_lead_to_the_unit_of_today(merged):
    assert found(merged, "B村") == [("unit", A, "B村 → 新甲村（2025-11-30）")]
    assert found(merged, B) == [("unit", A, "B村 → 新甲村（2025-11-30）")]
    assert found(merged, "A村") == [("unit", A, "A村 → 新甲村（2025-11-30）")]
    assert found(merged, "B村", area="x") == []


def test_a_unit_is_told_as_it_was(merged):
    with Door(merged).reader(Scope(day=OCT)) as reader:
        told = former.unit(reader, B)
    assert (told.name, told.since, told.until, told.successors) == ("B村", OCT, NOV, (A,))
    for day, code in ((DEC, B), (None, "nothing")):
        with Door(merged).reader(Scope(day=day)) as reader, pytest.raises(UnknownUnit):
            former.unit(reader, code)


def test_its_numbers_stay_to_be_asked_for(merged, capsys):
    assert account.main(["--unit", B, "--as-of", "2025-10-31", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == {"code": B, "name": "B村", "level": None, "since": "2025-10-31", "until": "2025-11-30", "successors": [A]}
    area = next(each for each in told["indicators"] if each["indicator"] == "units.area")
    assert area["value"] > 0
    account.main(["--unit", B])
    assert f"stood from 2025-10-31 until 2025-11-30; its ground is now in {A}\n" in capsys.readouterr().out


def test_without_a_word_the_ground_tells(store, tmp_path):
    load(store, units(tmp_path, "AAB", name="old.geojson"), "units", day=OCT)
    load(store, units(tmp_path, "AAA", name="new.geojson"), "units", day=NOV)
    with Door(store).reader() as reader:
        assert former.unit(reader, B).successors == (A,)


def test_what_a_load_said_goes_with_it(merged):
    roll_back(merged, 3)
    assert found(merged, "B村") == [("unit", B, "B村")]
    with Door(merged).reader() as reader, pytest.raises(UnknownUnit):
        former.unit(reader, B)


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("theme = 'units'\n[successors]\n1 = 2", "[successors] 1 = 2; write the new code in quotes, or a list of codes."),
        ("theme = 'units'\n[successors]\n1 = '1'", "[successors] 1 = '1'; write the new code in quotes, or a list of codes."),
        ("theme = 'halls'\n[successors]\n1 = '2'", "[successors] stands in a recipe of halls, which are no units; drop it."),
    ],
)
def test_successors_that_cannot_be(store, tmp_path, recipe, words):
    write(tmp_path / "a.toml", recipe)
    with pytest.raises(SourceError) as refused:
        load(store, halls(tmp_path, GOOD, "a.csv"), None, day=None)
    assert str(refused.value) == f"{tmp_path}/a.toml: {words}"
