"""Every numbered rule finds the defects that are sown for it, all of them and no other row; the clean sample breaks none."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from etl import rules
from etl.check import check
from etl.errors import SourceError
from etl.read.raw import Raw
from etl.recipe import Recipe
from etl.rules import RULES, Severity, by_name, page
from geodata import fingerprint
from layers import Text, Theme, themes
from layers._field import Field, Kind
from layers._rules import Before
from layers._theme import Geometry, Role, Style
from tests.etl import sown_shapes, sown_values
from tests.etl.sown_ground import DEGREES, County, Lot

RULES_FILE = Path(rules.__file__).parent / "RULES.md"

# The lot that each defect is sown into; several defects may be of one rule.
SOWN = {
    "cameras": """broken_row no_geometry not_on_earth other_geometry pattern code_as_number codes_rounded
        codes_rounded:codes_ending_in_zeros device_type device_industry device_network device_centre device_place
        unknown_unit claims_elsewhere not_a_choice vintage vintage:vintage_by_values vintage:asked_networked
        direction_or_degrees contradiction out_of_range outside_units null_island far_away one_for_both moved all_moved
        same_name_and_place shrunk keys_renewed empty elsewhere""",
    "halls": """coarse code_blank code_letter code_placeholder required not_a_number not_whole not_a_date zero_measure nines
        person phone device_address mojibake private_character control_character markup formula nothing_said cut_text
        no_letters filled_down spaced_name duplicate_key owned twins alike_keys future ancient zero_day as_of_future
        day_changed stacked number_jump key_reused on_centre""",
    "spaces": """repaired repair_guessed repeated_vertex spike heavy stray_vertex tiny sliver crumb pinhole same_shape
        parcels_overlap pinched across_villages area_declared unit_slip""",
    "roads": "leap short_line crossing_itself line_in_pieces roads_overlap undershoot code_length",
    "units": """boxed unit_code_length unit_province town_digits village_digits level_of_code at_most same_name unknown_parent
        parent_not_above own_parent circle level_skipped parent_prefix parent_elsewhere people_do_not_add_up left_behind
        people_jump area_jump dense household_size over_neighbour""",
    "grids": "scattered grid_prefix sequence_hole overlap unmatched_border hole_between sticking_out not_filled",
    "intersections": "not_beside",
    "posts": "not_yes_or_no percentage day_order",
}  # fmt: skip
DEFECTS = [
    (name.partition(":")[0], name.partition(":")[2] or name, lot) for lot, names in SOWN.items() for name in names.split()
]

# Found by steps that run before or after the rules; their tests stand with those steps.
ELSEWHERE = {"no_level", "no_parent", "no_unit", "no_crs", "unknown_datum", "axes_swapped", "no_degrees", "no_shapes", "no_column", "older"}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return County(tmp_path_factory.mktemp("county"))


POSTS = Theme(
    name="posts", title=Text("哨点", "Posts"), about=Text("哨点", "Posts"), geometry=Geometry.POINT, key="code", label="code",
    fields=(
        Field(name="code", title=Text("编号", "Number"), kind=Kind.CODE, required=True),
        Field(name="lit", title=Text("有灯", "Lit"), kind=Kind.FLAG),
        Field(name="share", title=Text("完好率", "Intact"), kind=Kind.NUMBER, unit="%"),
        Field(name="began", title=Text("启用", "Began"), kind=Kind.DATE),
        Field(name="ended", title=Text("报废", "Ended"), kind=Kind.DATE),
    ),
    style=Style(role=Role.TEAL), rules=(Before(first="began", then="ended"),),
)  # fmt: skip


def posts(county):
    """A theme that nobody has declared before: its fields bring their rules with them."""
    halls = county.lot("halls", 40)
    frame = pd.DataFrame(
        {"code": [f"P{n:03d}" for n in halls.rows], "lit": "是", "share": 97.5, "began": "2020-05-01", "ended": "2024-05-01"},
        index=halls.raw.frame.index,
    ).astype(object)
    return Lot(POSTS, Raw(frame, halls.raw.shapes, DEGREES), county.ground, Recipe(theme="halls", source="posts"))


def lot_of(county, name):
    return posts(county) if name == "posts" else county.lot(name, 1000 if name in ("units", "roads") else 250)


def found(done, rule):
    every = [*done.refusals, *done.findings, *done.warnings]
    return [each for each in every if each.rule == rule]


@pytest.mark.parametrize(("rule", "defect", "lot"), DEFECTS, ids=[f"{by_name()[each[0]].id}-{each[1]}" for each in DEFECTS])
def test_a_defect_is_found_and_nothing_else(county, rule, defect, lot):
    sown = lot_of(county, lot)
    sow = getattr(sown_values, defect, None) or getattr(sown_shapes, defect)
    rows = sow(sown, np.random.default_rng(sum(map(ord, defect))))
    done = sown.checked()
    findings = found(done, rule)
    assert sorted({each.row_no for each in findings}) == sorted(set(rows))
    in_list = {Severity.ERROR: done.findings, Severity.WARNING: done.warnings, Severity.LOAD: done.refusals}
    assert all(each in in_list[by_name()[rule].severity] for each in findings)
    good = dict(zip(sown.rows.tolist(), done.good.tolist(), strict=True))
    if by_name()[rule].severity is Severity.ERROR:
        assert not any(good[row] for row in rows)
    for each in findings:
        assert not re.search(r"\{[a-z_:]*\}|nan|None", each.reason.zh + each.reason.en)


def test_every_rule_has_a_defect_that_proves_it():
    assert {rule for rule, _, _ in DEFECTS} | ELSEWHERE == set(by_name())


@pytest.mark.parametrize("name", [*SOWN])
def test_the_clean_lots_break_no_rule(county, name):
    done = lot_of(county, name).checked()
    assert Counter(each.rule for each in [*done.refusals, *done.findings, *done.warnings]) == {}
    assert done.good.all()


@pytest.mark.parametrize("name", [*County.FILES])
def test_the_clean_sample_breaks_no_rule(county, name):
    rows = county.rows(name)
    theme = themes()[name]
    hashes = fingerprint.hashes(theme, rows.frame, rows.shapes)
    done = check(rows, theme, hashes, county.ground, date(2026, 10, 31))
    assert Counter(each.rule for each in [*done.refusals, *done.findings, *done.warnings]) == {}


def test_numbers_names_and_words():
    assert len(RULES) >= 80
    assert len({each.id for each in RULES}) == len(by_name()) == len(RULES)
    for each in RULES:
        assert re.fullmatch(rf"[{''.join(rules.FAMILIES)}]\d\d", each.id), each.id
        assert re.fullmatch(r"[a-z_]+", each.name), each.id
        for words in (each.asks, each.why, each.remedy, *([each.reason] if each.reason else [])):
            assert re.search(r"[\u4e00-\u9fff{]", words.zh) and words.en and not re.search(r"[\u4e00-\u9fff]", words.en), each.id
            assert not words.zh.endswith("。") and not words.en.endswith("."), each.id
        assert each.example
        assert (each.check is None) == bool(each.found_by) == (each.reason is None), each.id


def test_the_page_says_what_the_declarations_say():
    assert RULES_FILE.read_text("utf-8") == page.page(), "run ./onemap rules --markdown > etl/rules/RULES.md"


def test_the_page_is_what_the_command_prints():
    done = subprocess.run([sys.executable, "-m", "etl", "rules", "--markdown"], capture_output=True, check=True)
    assert done.stdout.decode() == page.page()


def test_a_new_theme_gets_its_rules_from_its_fields():
    asked = {(each["id"], each["field"]) for each in page.of_theme(POSTS)}
    assert {("D01", "code"), ("S04", "began, ended")} <= asked


def test_what_a_recipe_accepts(county):
    sown = lot_of(county, "halls")
    rows = sown_values.person(sown, np.random.default_rng(1))
    sown_values.future(sown, np.random.default_rng(2))
    sown.recipe = replace(sown.recipe, accept=("person", "future"))
    done = sown.checked()
    assert done.good.all()
    assert done.findings == []
    assert sorted(each.row_no for each in done.warnings) == sorted(rows)
    assert {each.rule for each in done.warnings} == {"person"}


def test_a_recipe_accepts_a_refusal(county):
    sown = lot_of(county, "cameras")
    sown_values.all_moved(sown, np.random.default_rng(1))
    sown.recipe = replace(sown.recipe, accept=("all_moved",))
    done = sown.checked()
    assert (done.refusals, [each.row_no for each in found(done, "all_moved")]) == ([], [0])


def test_a_recipe_accepts_what_there_is_not(county):
    sown = lot_of(county, "halls")
    sown.recipe = replace(sown.recipe, accept=("persons",))
    with pytest.raises(SourceError) as refused:
        sown.checked()
    assert str(refused.value) == "recipe: accept names 'persons', which is no rule; use names that ./onemap rules lists."


@pytest.mark.parametrize(
    ("rule", "lot", "zh", "en"),
    [
        ("all_moved", "cameras", "250行朝同一方向移动了541米", "250 rows moved 541 m in one direction"),
        ("elsewhere", "cameras", "250行中有150行在辖区50公里以外", "150 of its 250 rows lie more than 50 km outside the ladder"),
        ("unknown_parent", "units", "上级990101999000不存在", "its parent 990101999000 does not exist"),
        ("future", "halls", "建成时间2062-01-05晚于数据日期2026-10-31", "Built 2062-01-05 is later than the day of the data, 2026-10-31"),
        ("device_type", "cameras", None, "is of type 118, not 131 (camera) or 132 (IP camera)"),
    ],
)  # fmt: skip
def test_words_of_findings(county, rule, lot, zh, en):
    sown = lot_of(county, lot)
    getattr(sown_values, rule)(sown, np.random.default_rng(5))
    reason = found(sown.checked(), rule)[0].reason
    assert zh in (None, re.sub(r"(?<=移动了)\d+", "541", reason.zh))
    assert en in re.sub(r"(?<=moved )\d+", "541", reason.en)
