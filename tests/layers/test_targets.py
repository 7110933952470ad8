"""The targets of the policy documents: all of them, in the documents' words, and refused where they contradict themselves."""

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import layers
from layers import DeclarationError, Text
from layers._asked import (
    AllOf,
    Between,
    CountAtLeast,
    EachAtLeast,
    Milestone,
    PerPeriod,
    Quota,
    ShareAtLeast,
    UnitsAtLeast,
    parts,
    told,
)
from layers._documents import conflicts, documents
from layers._indicator import Period
from layers._target import Conflict, Deadline, Document, Due, Status, Target, by_end_of, masked
from layers._target_check import check_conflicts, check_documents

SHARED = Path(__file__).parents[3] / "shared"
EVERY = [(document, target) for document in documents().values() for target in document.targets]
SOURCES = {"ningbo": "000 宁波", "liaocheng": "001 聊城", "pingluo": "002 平罗", "changzi": "002 篇四", "zhuanglang": "002 庄浪", "nanchang": "003 南昌"}
known = pytest.mark.skipif(not (SHARED / "policy").exists(), reason="the policy catalogue is not beside this repository")


def catalogue():
    with (SHARED / "policy/targets.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(text):
    """The numbers of a threshold as the catalogue writes it: shares, counts, yuan."""
    found = [(float(n), unit) for n, unit in re.findall(r"(\d+(?:\.\d+)?)\s*(%|万)?", text)]
    return sorted(n / 100 if unit == "%" else n * 10000 if unit == "万" else n for n, unit in found)


# The catalogue writes these numbers in another way; the rule's own stand on the right.
OTHERWISE = {
    "LC-07": [1.0, 1.0],  # 12 a year is once a month, 4 a year once a quarter
    "LC-09": [1.0, 1.0],  # "= 100 % (both)"
    "LC-23": [0.3, 1.0],  # 30,000 and 100,000 yuan are counted inside the indicators
    "PL-05b": [1.0, 1.0],  # fibre and 4G
    "PL-12": [1.1],  # growth by 10 %
    "PL-16b": [1.0],  # every village has all 48
    "NB-16": [1.0, 1.0],  # counties and towns
    "LC-26": [1.0, 1.0],  # teams and advisers
    "NC-01": [58.0],  # all of the 58 pilots
}


@known
@pytest.mark.parametrize("row", catalogue() if (SHARED / "policy").exists() else [], ids=lambda row: row["id"])
def test_a_target_is_that_of_the_catalogue(row):
    document, target = next((d, t) for d, t in EVERY if t.id == row["id"])
    assert SOURCES[document.name] == row["source"]
    assert sorted(told(target.rule)) == pytest.approx(OTHERWISE.get(row["id"], numbers(row["threshold"])))
    assert target.aspirational == bool(re.search("力争|基本", row["threshold"]))
    year = re.search(r"(20\d\d)", row["deadline"])
    if year and target.due.on and "before 2022" not in row["deadline"]:
        assert target.due.on.year == int(year.group(1))
    assert (target.due.masked is not None) == ("20xx" in row["deadline"] and row["id"] != "ZL-03")


@known
def test_all_ninety_two_are_there_and_nothing_else_is_from_the_catalogue():
    ids = [target.id for document, target in EVERY if document.name in SOURCES]
    assert ids == sorted(ids, key=ids.index) and set(ids) == {row["id"] for row in catalogue()} and len(ids) == 92


@known
@pytest.mark.parametrize(("document", "target"), EVERY, ids=[target.id for _, target in EVERY])
def test_the_sentence_stands_in_the_document(document, target):
    file = SHARED / "seeds" / document.source
    if not file.exists():
        pytest.skip(f"{document.source} is not among the seeds")
    squeezed = [re.sub(r"\s", "", text).translate(str.maketrans("，（）", ",()")) for text in (file.read_text(), target.says)]
    assert squeezed[1] in squeezed[0]


def test_every_target_cites_and_says_itself_in_both_languages():
    for document, target in EVERY:
        assert target.document == document.name and target.clause and target.counts.zh and target.counts.en
        for text in (target.counts, target.of, *(each for each in (target.only, target.needs, target.note) if each)):
            assert bool(text.zh) == bool(text.en)
            assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en
        assert all(each.by or target.needs for each in parts(target.rule))


def test_the_twelve_rows_of_nanchang_are_its_quota():
    (rule,) = parts(next(target.rule for _, target in EVERY if target.id == "NC-01"))
    assert len(rule.quotas) == 12 and sum(each.at_least for each in rule.quotas) == rule.at_least == 58
    assert {each.unit: each.at_least for each in rule.quotas}["南昌县"] == 12


def test_drafts_are_called_drafts():
    kinds = {name: document.status for name, document in documents().items()}
    assert kinds["ningbo"] is Status.DRAFT and kinds["liaocheng"] is Status.ISSUED and kinds["pingluo"] is Status.COPY


def test_conflicts_name_targets_that_stand():
    assert {each.about for each in conflicts()} <= {"deadline", "threshold", "filter", "presence"}
    assert ("NC-01", "NC-02") in {each.targets for each in conflicts()}


def test_a_masked_year_is_filled_in_by_the_city():
    due = masked(10, 31, "到20xx年10月底")
    assert due.on is None and due.in_year(2027).on == date(2027, 10, 31)
    assert by_end_of(2022).in_year(2027) == by_end_of(2022)


def one(rule=None, **changed):
    target = Target(id="X-1", clause="1", says="一", rule=rule or ShareAtLeast(by="halls.villages", at_least=0.5))
    return Document(
        name="own", title="甲", short=Text("甲", "A"), issuer="乙", status=Status.ISSUED, source="x", place="documents/own.toml",
        targets=(replace(target, **changed),),
    )


LEVELS = "use one of province, city, county, town, village, grid, microgrid."
REFUSALS = [
    (one(ShareAtLeast(by="halls.beauty", at_least=1)), "target X-1 is judged by 'halls.beauty', which is no indicator; use one of units.population, "),
    (one(ShareAtLeast(by="halls.villages", at_least=70)), "target X-1 asks for 70 of 'halls.villages', which is a share; give a number above 0 and at most 1: 0.7 for 70 %."),
    (one(ShareAtLeast(by="halls.villages", at_least=0)), "target X-1 asks for 0 of 'halls.villages', which is a share; give a number above 0 and at most 1: 0.7 for 70 %."),
    (one(UnitsAtLeast(by="halls.count", reach=2, at_least=80, level="village")), "target X-1 asks for 80 of 'halls.count', which is a share; give"),
    (one(CountAtLeast(by="halls.count", at_least=-1)), "target X-1 asks for -1 of 'halls.count'; give a number from 0."),
    (one(CountAtLeast(by="halls.count", at_least=3, units=True)), "target X-1 counts units by 'halls.count', which is no share of units; leave units= out."),
    (one(EachAtLeast(by="halls.villages", at_least=0.7, level="parish")), f"target X-1 names the level 'parish', which the ladder does not have; {LEVELS}"),
    (one(levels=("city", "hamlet")), f"target X-1 names the level 'hamlet', which the ladder does not have; {LEVELS}"),
    (one(ShareAtLeast(at_least=1)), 'target X-1 names no indicator; say by="theme.indicator", or in needs= which file would fill it.'),
    (one(says=""), "target X-1 has no id, clause or sentence; say id=, clause= and says=."),
    (one(Between(by="halls.count", low=5, high=3, level="village")), "target X-1 asks for a number from 5 to 3; put the smaller one first."),
    (one(AllOf(parts=(ShareAtLeast(by="halls.villages", at_least=1),))), "target X-1 asks for all of 1 rules; list two or more, or give the one."),
    (one(due=Deadline(kind=Due.YEAR)), "target X-1 has a deadline of kind 'year' without a day; use by_end_of(), within(), by_day(), masked(), every() or NO_DEADLINE."),
    (one(CountAtLeast(by="halls.count", at_least=9, quotas=(Quota(unit="甲县", at_least=4), Quota(unit="乙县", at_least=4)))),
     "target X-1 asks for 9, and its quotas add up to 8; make the sum of the quotas the number asked for."),
    (one(CountAtLeast(by="halls.count", at_least=8, quotas=(Quota(unit="甲县", at_least=4), Quota(unit="甲县", at_least=4)))),
     "target X-1 gives 甲县 two quotas; keep one of them."),
]  # fmt: skip


def indicator(name):
    return layers.indicator(name)[1]


@pytest.mark.parametrize(("document", "sentence"), REFUSALS, ids=[sentence[:45] for _, sentence in REFUSALS])
def test_a_target_that_cannot_be_judged_is_refused(document, sentence):
    with pytest.raises(DeclarationError) as refusal:
        check_documents([document], indicator)
    assert str(refusal.value).startswith(f"documents/own.toml: {sentence}")
    assert refusal.value.exit_code == 10


def test_an_id_stands_once():
    with pytest.raises(DeclarationError) as refusal:
        check_documents([one(), one()], indicator)
    assert str(refusal.value) == "documents/own.toml: target X-1 is declared twice; give one of them another id."


def test_a_conflict_of_nobody_is_refused():
    with pytest.raises(DeclarationError, match="a conflict names target 'Y-9', which no document declares; name one that stands"):
        check_conflicts([Conflict(targets=("X-1", "Y-9"), about="filter", says=Text("甲", "A"))], [one()], "here")


@pytest.mark.parametrize("rule", [Milestone(by="halls.count"), PerPeriod(by="halls.villages", times=1, every=Period.YEAR),
                                  EachAtLeast(by="halls.villages", at_least=0.7, level="village")])  # fmt: skip
def test_a_right_target_is_not_refused(rule):
    check_documents([one(rule)], indicator)
