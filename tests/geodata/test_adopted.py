"""What a city makes of the documents in one file: read, applied, and refused with the file's name."""

from datetime import date

import pytest

from geodata.adopted import adopted
from geodata.sample import city_file
from layers import DeclarationError
from layers._asked import AllOf, CountAtLeast, EachAtLeast, PerPeriod, parts
from layers._documents import documents
from layers._target import Due, Status

OWN = """
apply = ["ningbo", "pingluo", "nanchang"]

[year]
ningbo = 2027
pingluo = 2026

[due]
"NC-03" = 2026-12-31

[done]
"PL-03" = 2026-06-30

[quota."NC-01"]
"云墩区" = 20
"990102000000" = 10

[[document]]
name = "ours"
title = "本县行动方案"
short = { zh = "本县方案", en = "Our plan" }
status = "draft"

[[document.target]]
id = "YX-1"
clause = "第1条"
says = "每个村的在线率都在九成以上"
rule = "each"
by = "cameras.online"
at_least = 0.9
level = "village"
levels = ["county", "village"]
due = 2027
lead = "县公安局"

[[document.target]]
id = "YX-2"
clause = "第2条"
says = "礼堂百座，每月公开"
due = "每月"
needs = "公开台账"
all = [
    { rule = "count", by = "halls.count", at_least = 100 },
    { rule = "period", times = 1, every = "month" },
]
"""


def read(folder, text, name="city.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return adopted(folder, documents())


def target(found, name):
    return next(each for one in found.documents.values() for each in one.targets if each.id == name)


def test_a_folder_without_files_applies_everything(tmp_path):
    assert adopted(tmp_path, documents()).documents == documents()
    assert adopted(tmp_path / "none", documents()).done == {}


def test_a_city_chooses_moves_shares_out_and_brings_its_own(tmp_path):
    found = read(tmp_path, OWN)
    assert list(found.documents) == ["ningbo", "pingluo", "nanchang", "ours"]
    assert target(found, "NB-06").due.on == date(2027, 12, 31) and target(found, "NB-01").due.on == date(2026, 12, 31)
    assert target(found, "NB-06").due.says == "至2022年"
    assert target(found, "PL-02").due.on == date(2026, 10, 31) and target(found, "PL-17").due.on == date(2026, 3, 31)
    assert target(found, "NC-03").due.kind is Due.DATE and found.done == {"PL-03": date(2026, 6, 30)}
    (quota,) = parts(target(found, "NC-01").rule)
    assert quota.at_least == 30 and [each.unit for each in quota.quotas] == ["云墩区", "990102000000"]
    ours = found.documents["ours"]
    assert (ours.status, ours.short.en, ours.place) == (Status.DRAFT, "Our plan", "documents/city.toml")
    assert target(found, "YX-1").rule == EachAtLeast(by="cameras.online", at_least=0.9, level="village")
    assert isinstance(target(found, "YX-2").rule, AllOf) and isinstance(parts(target(found, "YX-2").rule)[1], PerPeriod)
    assert isinstance(parts(target(found, "YX-2").rule)[0], CountAtLeast)


DOCUMENT = '[[document]]\nname = "ours"\ntitle = "方案"\n[[document.target]]\nid = "YX-1"\nclause = "1"\nsays = "一"\n'
REFUSALS = [
    ("apply = [", "it cannot be read: Invalid value (at end of document); mend it; it is TOML in UTF-8."),
    ("aply = []", "'aply' is no part of such a file; use one of apply, year, due, done, quota, document."),
    ("apply = []", 'apply is []; write a list of documents: apply = ["ningbo"].'),
    ('apply = ["kyoto"]', "apply names 'kyoto', which is no document; use one of ningbo, liaocheng,"),
    ("year = 2027", "year is 2027; write it as a table: [year]."),
    ("[year]\nkyoto = 2027", "year.kyoto names no document that applies; use one of ningbo,"),
    ('[year]\nningbo = "2027"', "year.ningbo is '2027'; write a year from 2000 to 2100."),
    ('[due]\n"NB-99" = 2027-01-01', "due.NB-99 names no target that applies; use an id that ./onemap targets lists."),
    ('[due]\n"NB-06" = "soon"', "due.NB-06 is 'soon', which is no day; write it without quotes: 2027-12-31."),
    ('[done]\n"XX-1" = 2027-01-01', "done.XX-1 names no target that applies; use an id that ./onemap targets lists."),
    ('[quota."NC-01"]\n"a" = -3', "quota.NC-01 is {'a': -3}; write a number for each unit: \"990101000000\" = 12."),
    ('[quota."NB-06"]\n"a" = 3', "quota.NB-06: the target counts 0 numbers; share out a target that counts exactly one."),
    ('[[document]]\nname = "ningbo"\ntitle = "x"\n[[document.target]]\nid = "a"\nclause = "1"\nsays = "x"\nrule = "share"\nby = "halls.villages"\nat_least = 1',
     "document 'ningbo' is already there; give it another name."),
    ('[[document]]\ntitle = "x"', 'document has no name; write name = "...".'),
    ('[[document]]\nname = "ours"\ntitle = "x"', "document 'ours' has no target; write [[document.target]] below it."),
    ('[[document]]\nname = "ours"\ntitle = "x"\nstatus = "secret"', "document 'ours' has the status 'secret'; use one of issued, draft, copy."),
    (DOCUMENT + 'rule = "most"', "target YX-1 has the rule 'most'; use one of share, count, each, units, between, milestone, period."),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nlow = 3', "target YX-1 with the rule 'share' has 'low', which means nothing here; use one of by, at_least."),
    (DOCUMENT + 'rule = "each"\nby = "halls.villages"\nat_least = 0.7', "target YX-1 with the rule 'each' has no level; say it."),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nat_least = "all"', "target YX-1 has at_least = 'all'; write a number."),
    (DOCUMENT + 'rule = "share"\nby = "halls.beauty"\nat_least = 1', "target YX-1 is judged by 'halls.beauty', which is no indicator; use one of units.population,"),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nat_least = 70', "target YX-1 asks for 70 of 'halls.villages', which is a share;"),
    (DOCUMENT + 'rule = "each"\nby = "halls.villages"\nat_least = 1\nlevel = "parish"', "target YX-1 names the level 'parish', which the ladder does not have;"),
    (DOCUMENT + 'rule = "period"\ntimes = 1\nevery = "week"', "target YX-1 has every = 'week'; use one of month, quarter, year."),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nat_least = 1\nlevels = ["county"]', "target YX-1 has the levels ['county']; write who answers"),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nat_least = 1\ndue = 3', "target YX-1 is due 3; write a year (2027), a day (2027-10-31), or words"),
    (DOCUMENT + 'rule = "share"\nby = "halls.villages"\nat_least = 1\ncolour = "red"', "target YX-1 has 'colour', which means nothing here;"),
    (DOCUMENT.replace("YX-1", "NB-01") + 'rule = "share"\nby = "halls.villages"\nat_least = 1', "target NB-01 is declared twice; give one of them another id."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), REFUSALS, ids=[sentence[:45] for _, sentence in REFUSALS])
def test_a_file_that_cannot_hold_is_refused(tmp_path, text, sentence):
    with pytest.raises(DeclarationError) as refusal:
        read(tmp_path, text)
    assert str(refusal.value).startswith(f"documents/city.toml: {sentence}")


def test_the_sample_city_has_deadlines_around_today_and_never_overwrites_a_file(tmp_path):
    path = city_file.write(tmp_path, date(2026, 11, 29))
    found = adopted(path.parent, documents())
    assert target(found, "NB-11").due.on == date(2025, 12, 31) and target(found, "NB-06").due.on == date(2027, 12, 31)
    assert target(found, "PL-03").due.on == date(2027, 10, 31) and target(found, "CZ-01").due.on == date(2026, 12, 31)
    assert parts(target(found, "NC-01").rule)[0].at_least == 15
    assert not [each.id for one in found.documents.values() for each in one.targets if each.due.masked]
    path.write_text("# ours\n")
    assert city_file.write(tmp_path, date(2030, 1, 1)) is None and path.read_text() == "# ours\n"
