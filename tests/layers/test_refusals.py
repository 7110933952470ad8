"""Wrong declarations: each is refused in its exact words."""

import sys
from dataclasses import replace

import pytest

import layers
from layers import DeclarationError, Text, Theme
from layers._exclusion import Exclusion
from layers._field import Choice, Field, Kind
from layers._indicator import (
    AnyOf,
    Between,
    Count,
    Every,
    Indicator,
    Is,
    Less,
    Period,
    Quotient,
    Share,
    Sum,
    Together,
    UnitsHaving,
    Within,
)
from layers._theme import Geometry, Role, Rung, Sight, Style

LEFT = Exclusion(minus=("homesteads",), of="code", mu="size", width="size")
CODE = Field(name="code", title=Text("编号", "Number"), kind=Kind.CODE, required=True)
STATE = Field(
    name="state",
    title=Text("状态", "State"),
    kind=Kind.CHOICE,
    choices=(Choice("good", Text("好", "Good")), Choice("bad", Text("坏", "Bad"))),
)
SIZE = Field(name="size", title=Text("面积", "Size"), kind=Kind.NUMBER)


def theme(**parts):
    whole = {
        "name": "posts",
        "title": Text("哨点", "Posts"),
        "about": Text("哨点", "Posts"),
        "geometry": Geometry.POINT,
        "key": "code",
        "label": "code",
        "fields": (CODE, STATE, SIZE),
        "style": Style(role=Role.TEAL),
    }
    return Theme(**{**whole, **parts})


def number(measure, **parts):
    return (Indicator(name="n", title=Text("数", "N"), says=Text("数", "N"), measure=measure, **parts),)


_BOTH = ((Is("state", ("good",)),), (Is("state", ("bad",)),))

REFUSALS = [
    ({"fields": (CODE, CODE)}, "field 'code' is declared twice; keep one of them."),
    (
        {"fields": (CODE, Field(name="geom", title=Text("形", "Shape")))},
        "field 'geom' is a column that every table has; rename it.",
    ),
    (
        {"fields": (CODE, Field(name="Größe", title=Text("大", "Size")))},
        "field 'Größe' is no lower-case identifier; rename it.",
    ),
    ({"key": "bh"}, "key is 'bh', which is not one of its fields; use one of code, state, size."),
    ({"label": "bh"}, "label is 'bh', which is not one of its fields; use one of code, state, size."),
    ({"ledger": ("state",)}, "ledger adds up 'state', which is choice; name a number."),
    ({"left_by": LEFT}, "what is left of units are areas, and it has Points; say geometry=Geometry.AREA."),
    (
        {"geometry": Geometry.AREA, "left_by": replace(LEFT, minus=("posts",))},
        "left_by takes nothing away, or the theme itself; name other themes of areas in minus=.",
    ),
    (
        {"geometry": Geometry.AREA, "left_by": replace(LEFT, level="street")},
        "left_by is of units of 'street'; use one of province, city, county, town, village, grid, microgrid.",
    ),
    (
        {"geometry": Geometry.AREA, "left_by": replace(LEFT, of="unit")},
        "left_by of is 'unit', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"geometry": Geometry.AREA, "fields": (CODE, SIZE), "left_by": LEFT, "indicators": number(Sum("size"))},
        "indicator 'n' is told of units that nobody surveyed; say surveyed=True.",
    ),
    ({"indicators": number(Sum("size", surveyed=True))}, "indicator 'n' is surveyed, but its rows are not worked out; say surveyed=False."),
    ({"geometry": Geometry.AREA, "left_by": LEFT}, "nothing fills field 'state' of rows that are worked out; leave it out."),
    ({"key": "state"}, "key 'state' is not a required field; declare it required=True."),
    (
        {"fields": (CODE, Field(name="x", title=Text("甲", "X"), kind=Kind.CHOICE))},
        "field 'x' is choice with 0 choices; give choices to a field of kind choice and to no other.",
    ),
    (
        {
            "fields": (
                CODE,
                Field(
                    name="x",
                    title=Text("甲", "X"),
                    kind=Kind.CHOICE,
                    choices=(Choice("a", Text("甲", "A"), ("1",)), Choice("b", Text("乙", "B"), ("1",))),
                ),
            )
        },
        "field 'x' reads '1' both as 'a' and as 'b'; keep the spelling at one of them.",
    ),
    (
        {"style": Style(role=Role.TEAL, by="colour")},
        "style by is 'colour', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"style": Style(role=Role.TEAL, by="state", roles={"odd": Role.BAD})},
        "style gives a role to 'odd', which is no choice of 'state'; use one of good, bad.",
    ),
    (
        {"rung": Rung(name="code", level="code", parent="up")},
        "rung parent is 'up', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"sight": Sight(azimuth="turn", angle="size", far="size")},
        "sight azimuth is 'turn', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"sight": Sight(azimuth="size", angle="size", far="size", ring=(Is("state", ("odd",)),))},
        "sight asks for 'odd', which is no choice of 'state'; use one of good, bad.",
    ),
    (
        {"indicators": number(Count(where=(Is("state", ("odd",)),)))},
        "indicator 'n' asks for 'odd', which is no choice of 'state'; use one of good, bad.",
    ),
    (
        {"indicators": number(Count(where=(Between("state", low=1),)))},
        "indicator 'n' asks for a range of 'state', which is choice; use Is(...).",
    ),
    (
        {"indicators": number(Sum("weight"))},
        "indicator 'n' sums is 'weight', which is not one of its fields; use one of code, state, size.",
    ),
    ({"indicators": number(Share(where=()))}, "indicator 'n' is a share of everything; say where=."),
    (
        {"indicators": number(Count(where=(Within("state", "size", 7),)))},
        "indicator 'n' asks for days between 'state', which is choice; name two dates.",
    ),
    (
        {"indicators": number(Count(where=(Less("size", "state"),)))},
        "indicator 'n' asks for a comparison with 'state', which is choice; use Is(...).",
    ),
    (
        {"indicators": number(Count(where=(Quotient("size", "heads"),)))},
        "indicator 'n' asks for 'heads': it is 'heads', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"indicators": number(Count(where=(AnyOf((Is("state", ("good",)),)),)))},
        "indicator 'n' asks for any of less than two conditions; name them without AnyOf.",
    ),
    (
        {"indicators": number(Count(where=(AnyOf((Is("state", ("good",)), Is("state", ("odd",)))),)))},
        "indicator 'n' asks for 'odd', which is no choice of 'state'; use one of good, bad.",
    ),
    ({"placed_by": "of"}, "placed_by is 'of', which is not one of its fields; use one of code, state, size."),
    ({"placed_by": "state"}, "placed_by 'state' is choice; name a required field of kind code."),
    (
        {"placed_by": "code", "geometry": Geometry.AREA},
        "it is placed by units and has a geometry of its own; say geometry=Geometry.POINT.",
    ),
    (
        {"placed_by": "code", "style": Style(role=Role.TEAL, heat=True)},
        "it is placed by units and has a heat of its own; leave it out.",
    ),
    (
        {"indicators": number(UnitsHaving(level="hamlet"))},
        "indicator 'n' asks for units of 'hamlet', which is no level; use one of province, city, county, town, village, "
        "grid, microgrid.",
    ),
    (
        {"indicators": number(UnitsHaving(level="village", people="all"))},
        "indicator 'n' counts people as 'all'; use one of population, registered.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", rural=True))},
        "indicator 'n' asks for rural units of 'town'; rural= is for villages only.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", own=True, within=100))},
        "indicator 'n' is of own rows and of rows elsewhere; leave out own=, or within= and named_by=.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", all_of=((Is("state", ("good",)),),)))},
        "indicator 'n' has a checklist of less than two conditions; say where= instead of all_of=.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", named_by="serves"))},
        "indicator 'n' is named by is 'serves', which is not one of its fields; use one of code, state, size.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", every=Every(Period.MONTH, "size")))},
        "indicator 'n' counts periods of 'size', which is number; name a date.",
    ),
    (
        {"indicators": number(UnitsHaving(level="town", all_of=_BOTH, every=Every(Period.MONTH, "size")))},
        "indicator 'n' counts periods of a checklist; leave out every= or all_of=.",
    ),
    (
        {"indicators": number(Together((UnitsHaving(level="town"), UnitsHaving(level="town"))))},
        "indicator 'n' puts together town, town; give parts of two levels or more, each once.",
    ),
    (
        {"indicators": number(Together((UnitsHaving(level="town"), UnitsHaving(level="village", within=9))))},
        "indicator 'n' puts together parts that reach beyond their units; leave out within= and named_by=.",
    ),
]


@pytest.mark.parametrize(("parts", "sentence"), REFUSALS, ids=[sentence[:40] for _, sentence in REFUSALS])
def test_a_wrong_theme_is_refused(parts, sentence):
    with pytest.raises(DeclarationError) as refusal:
        theme(**parts)
    assert str(refusal.value) == f"layers/posts.py: {sentence}"
    assert refusal.value.exit_code == 10


def test_a_right_theme_is_not_refused():
    assert theme().place == "layers/posts.py"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "layers/odd.py: it declares no THEME; write THEME = Theme(...) or start its name with _."),
        (
            "from layers.halls import THEME",
            "layers/odd.py: its theme is called 'halls'; call it 'odd' or rename the file.",
        ),
    ],
)
def test_a_file_that_is_no_theme_is_refused(tmp_path, monkeypatch, content, sentence):
    (tmp_path / "odd.py").write_text(content)
    monkeypatch.setattr(layers, "__path__", [*layers.__path__, str(tmp_path)])
    layers.themes.cache_clear()
    try:
        with pytest.raises(DeclarationError) as refusal:
            layers.themes()
        assert str(refusal.value) == sentence
    finally:
        sys.modules.pop("layers.odd", None)
        layers.themes.cache_clear()
