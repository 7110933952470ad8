"""Whatever a step from file to table refuses, the page says in Chinese: every sentence is found in the code itself."""

import ast
from pathlib import Path

import pytest

import etl
from app.gate import sentences
from etl.read import foreign
from etl.rules import RULES, Severity

# The command line's own: nobody meets them on the page.
_NOT_ON_THE_PAGE = {"batch.py", "handout.py", "history_commands.py", "watch.py", "file_commands.py"}

# Facts of several words each of which is told by itself.
_PUT_TOGETHER = {
    "it is 7": "it is XML",
    "7; it has 7": "its headers are too little of any theme; it has 7",
    "7 touched the same rows since": "loads 5, 7 touched the same rows since",
    "its rows were set aside by load 7, 7": "its rows were set aside by load 7, which does not stand any more",
}


def _rendered(node):
    """The text of a literal, with 7 in every place; None for what is put together elsewhere."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else "7" for each in node.values)
    return None


def _raised():
    """Where a refusal is made, and the words it is made of."""
    root = Path(etl.__file__).parent
    for file in sorted(root.rglob("*.py")):
        if file.name not in _NOT_ON_THE_PAGE:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("SourceError", "CorrectionError", "Older"):
                    yield f"{file.relative_to(root)}:{node.lineno}", [_rendered(each) for each in node.args]


def _refusals():
    for place, words in _raised():
        if len(words) >= 3 and None not in words[1:3]:
            fact, remedy = _PUT_TOGETHER.get(words[1], words[1]), words[2].replace("bring 7", "bring Shapefile or CSV")
            yield pytest.param(fact, remedy, id=place)


@pytest.mark.parametrize(("fact", "remedy"), [*_refusals()])
def test_every_refusal_is_told_in_chinese(fact, remedy):
    zh, en = sentences.both(f"/data/a.csv: {fact}; {remedy}.")
    assert en == f"/data/a.csv: {fact}; {remedy}."
    assert zh.startswith("a.csv：") and zh.endswith("。"), fact
    assert zh != en and remedy not in zh, remedy


@pytest.mark.parametrize(("_begins", "fact", "remedy"), [*foreign.BEGINNINGS, *foreign.TEXTS])
def test_every_foreign_file_is_told_in_chinese(_begins, fact, remedy):
    test_every_refusal_is_told_in_chinese(fact, remedy)


def test_every_rule_on_a_file_that_cannot_be_read_is_named_by_its_refusal():
    numbers = {words[3] for _, words in _raised() if len(words) > 3 and words[3]}
    read = {each.id for each in RULES if each.severity is Severity.LOAD and each.found_by}
    assert read <= numbers <= read | {"L01"}


def test_the_number_of_a_rule_is_told_with_it():
    zh, en = sentences.both('a.csv: it does not say its CRS; write crs = "EPSG:4490" (or its own) in the recipe. (L03)')
    assert zh == "a.csv：没有写明坐标系；请在“字段”中选择坐标系。（规则 L03）" and en.endswith("recipe. (L03)")


@pytest.mark.parametrize("rule", [each for each in RULES if each.severity is Severity.LOAD and each.reason], ids=lambda rule: rule.id)
def test_every_rule_that_refuses_a_file_is_told_in_chinese(rule):
    said = {name: 7 for name in ("n", "of", "km", "metres")} | {"field": "code", "example": "1"}
    zh, _ = sentences.both(f"a.csv: {rule.reason.en.format(**said)}; {rule.remedy.en}.")
    assert zh.startswith("a.csv：") and rule.remedy.en not in zh


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("x/a.shp: it has no .dbf beside it; send all the files of the Shapefile together.", "a.shp：旁边缺少 .dbf 文件；请把Shapefile的全部文件一起发送。"),
        ("a.csv: its axes are swapped (30.2500, 120.1200); say axes = \"lat lon\" in the recipe.", "a.csv：经纬度颠倒了（30.2500, 120.1200）；请写明坐标顺序 axes = \"lat lon\"。"),
        ("a.gpkg: it has the layers 甲, 乙; write layer = \"...\" in the recipe.", "a.gpkg：含多个图层：甲, 乙；请在导入说明中写明 layer。"),
    ],
)  # fmt: skip
def test_some_of_them_word_for_word(said, zh):
    assert sentences.both(said) == (zh, said)
