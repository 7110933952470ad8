"""Standings read from a real store: own numbers, units one by one, reasons, and the command that prints them."""

import json
from datetime import date

import pytest

from geodata import documents, indicators, readings, targets, targets_account, units
from geodata.door import Scope
from geodata.judging import REASONS
from geodata.reasons import _SAYS, says
from geodata.target_ground import grounded
from geodata.targets_below import passing
from layers import DeclarationError, Text
from layers._asked import CountAtLeast, EachAtLeast, Quota, ShareAtLeast
from layers._target import Target, by_end_of
from tests.app.stood import COUNTY, JUNE, MAY, TOWN, VILLAGE, door  # noqa: F401
from tests.conftest import standing_on


@pytest.fixture(scope="module")
def reader(door):  # noqa: F811
    with door.reader() as opened:
        yield opened


def one(rule, **more):
    return Target(**{"id": "X-1", "clause": "1", "says": "一", "rule": rule, "levels": ("county", "village"), "document": "ningbo"} | more)


def stand(reader, target, code=COUNTY, **more):
    (found,) = targets.standings(reader, units.unit(reader, code), only=[target], **more)
    return found


def test_a_share_is_the_number_of_the_card(reader):
    card = {each.indicator: each for each in indicators.card(reader, COUNTY)}
    found = stand(reader, one(ShareAtLeast(by="cameras.online", at_least=0.5)))
    assert found.state == "met" and found.parts[0].numbers.value == card["cameras.online"].value
    assert [day for day, _ in found.parts[0].numbers.series] == [MAY, JUNE]


def test_each_village_counts_those_that_pass_and_never_the_mean(reader):
    rule = EachAtLeast(by="cameras.online", at_least=0.75, level="village")
    values = [each.value for each in readings.readings_of_level(reader, "cameras.online", units.unit(reader, COUNTY), "village", ["default"])["default"] if each.value is not None]
    numbers = stand(reader, one(rule)).parts[0].numbers
    assert (numbers.numerator, numbers.denominator, numbers.units) == (sum(each >= 0.75 for each in values), len(values), "village")
    own = next(each for each in readings.readings_of_level(reader, "cameras.online", units.unit(reader, COUNTY), "village", ["default"])["default"] if each.code == VILLAGE)
    alone = stand(reader, one(rule), VILLAGE)
    assert alone.parts[0].numbers.value == own.value and alone.parts[0].asked == 0.75
    assert stand(reader, one(rule), f"{VILLAGE}001").reason == "level"


def test_per_level_counts_what_the_units_say(reader):
    target = one(ShareAtLeast(by="cameras.online", at_least=0.75))
    county = units.unit(reader, COUNTY)
    told = passing(reader, county, [target], grounded(reader, only=[target]))["X-1", 0]
    for level in ("town", "village"):
        values = [each.value for each in readings.readings_of_level(reader, "cameras.online", county, level, ["default"])["default"] if each.value is not None]
        assert told[level] == (sum(each >= 0.75 for each in values), len(values))


def test_a_number_with_quotas(reader):
    rule = CountAtLeast(by="cameras.count", at_least=60, quotas=(Quota(unit=TOWN, at_least=60),))
    assert stand(reader, one(rule)).state == "met"
    assert stand(reader, one(rule), TOWN).parts[0].asked == 60
    bare = stand(reader, one(rule), VILLAGE)
    assert bare.state == "none" and bare.reason == "quota" and bare.parts[0].numbers.value is not None


def test_past_days_and_deadlines(door):  # noqa: F811
    target = one(ShareAtLeast(by="halls.villages", at_least=1.0), due=by_end_of(2026))
    with door.reader(Scope(day=MAY)) as before:
        assert stand(before, target).reason == "rows"
    with door.reader(Scope(day=JUNE)) as then:
        found = stand(then, target)
        assert (found.state, found.parts[0].numbers.value is None) == ("course", False)
        assert stand(then, target, today=date(2027, 1, 1)).state == "missed"
    with door.reader(Scope(day=date(2020, 1, 1))) as never:
        assert stand(never, one(ShareAtLeast(by="cameras.online", at_least=1.0))).state == "none"


def test_what_is_not_known_is_never_a_nought(reader):
    nowhere = stand(reader, one(ShareAtLeast(by="entrances.seen", at_least=1.0)))
    assert (nowhere.state, nowhere.reason, nowhere.parts[0].numbers.value) == ("none", "rows", None)
    assert says(nowhere).en == "Public entrances has no rows; load a file: ./onemap load FILE --theme entrances"
    none = stand(reader, one(ShareAtLeast(at_least=1.0), needs=Text("桥梁台账", "a file of bridges")))
    assert (none.reason, says(none).zh) == ("file", "尚无数据来源；需要：桥梁台账")
    empty = stand(reader, one(ShareAtLeast(by="halls.villages", at_least=1.0), levels=("county", "grid")), f"{VILLAGE}001")
    assert empty.reason in ("people", "nothing") and empty.parts[0].numbers.value is None
    assert set(_SAYS) == set(REASONS)


@pytest.fixture
def at_the_door(door):  # noqa: F811
    with standing_on(door.sources.primary.engine.url):
        yield


def test_the_command_says_every_target(at_the_door, capsys):
    assert targets_account.main(["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["targets"]) == len(documents.targets()) and sum(told["states"].values()) == len(told["targets"])
    for each in told["targets"]:
        assert each["clause"] and each["says"] and each["parts"]
        assert each["computable"] or each["reason"]
    pilots = next(each for each in told["targets"] if each["id"] == "NC-01")["parts"][0]["asks"]
    assert sum(pilots["quotas"].values()) == pilots["at_least"]
    assert told["computable"] == sum(each["computable"] for each in told["targets"])


def test_the_command_as_text_and_its_refusals(at_the_door, capsys):
    assert targets_account.main(["--document", "pingluo", "--unit", COUNTY, "--as-of", "2026-06-30"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"county000 ({COUNTY}, county): 22 targets, ") and "PL-18a" in told and "no data: " in told
    with pytest.raises(DeclarationError, match="documents: 'kyoto' is not in force; use one of ningbo, liaocheng"):
        targets_account.main(["--document", "kyoto"])

