"""The style as a whole: every declared theme is drawn, every layer stands on a source, every colour is a role's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.choices import HEATS, PERS, SIGHTS
from app.classes import _spread
from app.marks import Shading
from app.palette import DESK, FLAVOURS, WALL, css
from app.sightings import entry_of
from app.style import Here, picture, style, theme_layers
from app.tooltips import tooltips
from geodata import tiles
from layers import theme, themes
from layers._field import Choice, Field, Kind
from layers._ladder import LEVEL_NAMES, LEVELS
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme
from tests.app.colour_sight import EYES, apart

THEMES = tuple(themes().values())
LOUDSPEAKERS = Theme(
    name="streetlamps", title=Text("路灯", "Street lamps"), about=Text("灯", "Street lamps"), geometry=Geometry.POINT,
    key="code", label="name", style=Style(role=Role.AMBER, by="state", roles={"mute": Role.BAD}, rows_from_zoom=12.5, heat=True),
    fields=(
        Field(name="code", title=Text("编号", "Code"), required=True), Field(name="name", title=Text("名称", "Name")),
        Field(name="state", title=Text("状态", "State"), kind=Kind.CHOICE, choices=(Choice("mute", Text("故障", "Mute")),)),
    ),
)


def _style(flavour=DESK, extra: tuple[Theme, ...] = ()) -> dict:
    return style((*THEMES, *extra), LEVELS, flavour, {"ladder": 7, "cameras": 9})


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=lambda each: each.name)
def test_a_style_is_whole(flavour) -> None:
    made = _style(flavour, (LOUDSPEAKERS,))
    ids = [layer["id"] for layer in made["layers"]]
    assert made["version"] == 8
    assert "glyphs" not in made and "sprite" not in made  # names come from fonts of this machine
    assert len(ids) == len(set(ids))
    for layer in made["layers"][1:]:
        source = made["sources"][layer["source"]]
        assert ("source-layer" in layer) == (source["type"] == "vector"), layer["id"]
    assert json.loads(json.dumps(made)) == made


def test_every_tile_address_is_one_that_is_served() -> None:
    for name, source in _style()["sources"].items():
        if source["type"] == "vector":
            _, _, layer, version, *rest = source["tiles"][0].split("/")
            assert set(layer.split(",")) <= set(tiles.layers())
            assert layer in (name, name.removesuffix(".near")) or name in ("land", "themes")
            assert int(version) == (9 if "cameras" in layer else 7 if layer in (*LEVEL_NAMES, "grids.audit") or layer.endswith(".heat") else 0)
            assert rest == ["{z}", "{x}", "{y}.pbf"]


def test_everything_that_is_served_is_drawn() -> None:
    fetched: set[str] = set()
    for shading in (Shading(heat, per, sight) for heat in HEATS for per in PERS for sight in SIGHTS):
        made = style(THEMES, LEVELS, DESK, {}, shading=shading)
        drawn = {layer.get("source") for layer in made["layers"]}
        asked = {name: source["tiles"][0].split("/")[2] for name, source in made["sources"].items() if source["type"] == "vector"}
        fetched |= {each for name, layers in asked.items() if name in drawn for each in layers.split(",")}
    assert set(tiles.layers()) <= fetched


def test_picked_rows_are_asked_for_by_their_picks() -> None:
    shading = Shading("squares", where=(("cameras", "definition", "hd"), ("cameras", "online", "online")))
    made = style(THEMES, LEVELS, DESK, {"cameras": 9, "halls": 3}, on=("halls", "cameras"), shading=shading)["sources"]
    picks = "~definition.hd~online.online"
    assert made["themes"]["tiles"] == [f"/tiles/cameras{picks},cameras.sights{picks},halls/9/{{z}}/{{x}}/{{y}}.pbf"]
    assert made["cameras.heat"]["tiles"] == [f"/tiles/cameras.squares{picks}/9/{{z}}/{{x}}/{{y}}.pbf"]
    assert made["halls.heat"]["tiles"] == ["/tiles/halls.squares/3/{z}/{x}/{y}.pbf"] if "halls.heat" in made else True


def test_heat_to_the_people_changes_with_them() -> None:
    made = style(THEMES, LEVELS, DESK, {"cameras": 9, "ladder": 12}, shading=Shading(per="people"))["sources"]
    assert made["cameras.heat"]["tiles"] == ["/tiles/cameras.heat_people/12/{z}/{x}/{y}.pbf"]


def test_only_themes_that_are_on_are_fetched() -> None:
    made = style(THEMES, LEVELS, DESK, {"cameras": 9, "halls": 11}, on=("halls", "cameras"))
    assert made["sources"]["themes"]["tiles"] == ["/tiles/cameras,cameras.sights,halls/11/{z}/{x}/{y}.pbf"]


def test_no_address_names_a_host() -> None:
    assert "http" not in json.dumps(_style())


def _colours(made: dict) -> set[str]:
    return set(re.findall(r'"(#[0-9a-f]{6,8})"', json.dumps(made)))


def test_every_colour_is_one_of_the_flavour() -> None:
    for flavour in (DESK, WALL):
        roles = re.findall(r"#[0-9a-f]{6,8}", str(flavour))
        assert _colours(_style(flavour)) <= set(roles)


def test_order_of_drawing_is_areas_lines_sights_heat_points_outside_names() -> None:
    ids = [layer["id"] for layer in _style()["layers"]]
    order = ["ground", "land", "town:near", "county:fill", "county:unknown", "cameras:heat", "county:line", "spaces:fill", "roads:line",
             "cameras:sights", "cameras:cells", "outside", "rim", "county:label", "selected-ring"]
    assert [each for each in ids if each in order] == order
    for below in ("province", "city", "county"):
        assert ids.index("microgrid:label") < ids.index(f"{below}:label")  # the last is placed first


@pytest.mark.parametrize("each", (*THEMES, LOUDSPEAKERS), ids=lambda each: each.name)
def test_every_theme_is_drawn_from_its_declaration_alone(each: Theme) -> None:
    made = {layer["id"]: layer for layer in _style(extra=(LOUDSPEAKERS,))["layers"]}
    mine = theme_layers(each)
    assert mine and set(mine) <= set(made)
    on = picture(Here(unit=1, level="city", themes=(each.name,)), (*THEMES, LOUDSPEAKERS), LEVELS)
    shown = {name for name, patch in on.items() if patch["visibility"] == "visible" and made[name].get("source-layer", "").split(".")[0] == each.name}
    assert shown == {name for name in mine if not name.endswith(":heat") and entry_of(each, name) is None}


@pytest.mark.parametrize("part", ["heat", "seen", "blind"])
def test_a_shading_is_drawn_with_what_belongs_to_it_and_no_other(part: str) -> None:
    cameras = theme("cameras")
    on = picture(Here(unit=1, level="city", themes=(f"cameras:{part}",)), THEMES, LEVELS)
    shown = {name for name, patch in on.items() if patch["visibility"] == "visible" and name.startswith("cameras:")}
    every = {f"cameras:{part}"} if part != "seen" else {each for each in theme_layers(cameras) if entry_of(cameras, each) == "cameras:seen"}
    assert shown == every
    assert part != "seen" or {"cameras:ground", "cameras:ways", "cameras:place-entrances", "cameras:place-intersections"} < shown


def test_every_line_of_roles_reaches_the_map() -> None:
    dots = next(layer for layer in _style()["layers"] if layer["id"] == "cameras:rows")
    assert dots["paint"]["circle-color"] == ["match", ["coalesce", ["feature-state", "online"], ["get", "online"]], "online", DESK.good, "offline", DESK.bad, DESK.quiet]


def test_a_cluster_says_the_share_of_every_state_and_of_the_rest() -> None:
    name = next(layer for layer in _style()["layers"] if layer["id"] == "cameras:count")["layout"]["icon-image"]
    text = json.dumps(name)
    assert [text.count(f"/{ink}=") for ink in (DESK.good, DESK.bad, DESK.quiet)] == [1, 1, 1]
    assert "s_online" in text and "s_offline" in text


def test_ground_without_a_value_is_hatched_by_its_state() -> None:
    hatched = next(layer for layer in _style()["layers"] if layer["id"] == "town:unknown")
    assert hatched["paint"]["fill-pattern"] == f"hatch/{DESK.hatch}"
    assert hatched["paint"]["fill-opacity"] == ["case", ["==", ["feature-state", "c"], DESK.no_value], 1, 0]


def test_where_every_unit_has_a_value_no_hatching_is_drawn() -> None:
    shown = picture(Here(unit=5, level="county", below=("town",), unknown=False), THEMES, LEVELS)
    assert (shown["town:unknown"], shown["town:fill"]["visibility"]) == ({"visibility": "none"}, "visible")


def test_where_something_is_shaded_units_have_one_colour_and_no_hatching() -> None:
    shown = picture(Here(unit=5, level="county", below=("town",), ground=DESK.land), THEMES, LEVELS)
    assert shown["town:fill"]["paint"] == {"fill-color": DESK.land}
    assert shown["town:unknown"] == {"visibility": "none"}


def test_heat_stands_in_for_the_clusters() -> None:
    here = Here(unit=1, level="city", themes=("cameras", "cameras:heat"))
    shown = {name for name, patch in picture(here, THEMES, LEVELS).items() if patch["visibility"] == "visible"}
    assert {"cameras:heat", "cameras:rows"} <= shown
    assert not shown & {"cameras:cells", "cameras:count"}


def test_children_are_drawn_and_siblings_lie_beside() -> None:
    shown = picture(Here(unit=5, level="county", parent=1, below=("town",)), THEMES, LEVELS)
    assert shown["town:fill"] == shown["town:unknown"] == {"visibility": "visible", "filter": ["==", ["get", "parent"], 5]}
    assert shown["county:near"]["filter"] == ["all", ["==", ["get", "parent"], 1], ["!=", ["id"], 5]]
    assert shown["county:fill"] == shown["village:fill"] == {"visibility": "none"}


def test_a_leaf_is_drawn_itself() -> None:
    shown = picture(Here(unit=9, level="microgrid", parent=5), THEMES, LEVELS)
    assert shown["microgrid:fill"] == {"visibility": "visible", "filter": ["==", ["id"], 9]}


def test_children_of_two_levels_are_both_drawn() -> None:
    shown = picture(Here(unit=5, level="county", below=("town", "village")), THEMES, LEVELS)
    assert shown["town:label"] == shown["village:label"]
    assert shown["county:near"] == {"visibility": "none"}  # nothing lies beside the top


places = some.builds(
    Here, unit=some.integers(1, 99), level=some.sampled_from(LEVEL_NAMES), parent=some.none() | some.integers(1, 99),
    below=some.lists(some.sampled_from(LEVEL_NAMES), max_size=2).map(tuple),
    themes=some.lists(some.sampled_from([*themes(), "cameras:heat", "gone"]), max_size=5).map(tuple),
)


@given(places, places)
def test_a_picture_forgets_the_one_before(one: Here, other: Here) -> None:
    """Every picture names the same layers, so that laid over any other it gives the same map."""
    assert picture(one, THEMES, LEVELS).keys() == picture(other, THEMES, LEVELS).keys()
    assert picture(one, THEMES, LEVELS) == picture(replace(one), THEMES, LEVELS)
    assert set(picture(one, THEMES, LEVELS)) <= {layer["id"] for layer in _style()["layers"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_said_under_the_pointer_comes_from_the_declaration(lang: str) -> None:
    indicator = theme("cameras").indicators[0]
    said = tooltips(THEMES, LEVELS, indicator, lang)
    assert said["town:fill"] == [{"property": "name"}, {"property": "t", "title": indicator.title[lang]}]
    words = {choice.value: choice.title[lang] for choice in theme("cameras").field("online").choices}
    assert said["cameras:rows"][1]["words"] == words
    assert said["cameras:cells"][0] == {"property": "n", "title": theme("cameras").title[lang]}


def test_both_flavours_give_every_role_a_colour() -> None:
    for flavour in FLAVOURS.values():
        assert all(re.fullmatch(r"#[0-9a-f]{6}", flavour.role(role)) for role in Role)
        assert css(flavour)["--ink-quiet"] == flavour.ink_quiet
    assert len(DESK.classes) == len(WALL.classes) == 14


def _lightness(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_lightness(one), _lightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=lambda each: each.name)
def test_neighbouring_classes_stay_apart_for_every_eye(flavour, eye: str) -> None:
    """CIEDE2000 of 6: two and a half times what is told apart without looking for it (Mokrzycki and Tatol 2011)."""
    five = [flavour.scale[each] for each in _spread(5, len(flavour.scale))]
    for classes in (five, (*flavour.missed, *flavour.met), (flavour.land, *flavour.heat)):
        assert min(apart(one, other, eye) for one, other in pairwise(classes)) >= 6
    assert min(apart(flavour.blind, each, eye) for each in (flavour.met[1], flavour.met[2], flavour.bad)) >= 12
    assert apart(flavour.met[2], flavour.bad, eye) >= 12
    assert min(apart(missed, met, eye) for missed in flavour.missed for met in flavour.met) >= 12
    assert min(apart(one, other, eye) for one, other in combinations((flavour.good, flavour.bad, flavour.quiet), 2)) >= 12


def test_differences_are_those_of_the_published_test_data() -> None:
    assert apart("#000000", "#ffffff") == pytest.approx(100, abs=1e-3)
    assert apart("#123456", "#123456", "no red (protanopia)") == 0
    assert apart("#ff0000", "#00ff00") == pytest.approx(86.6, abs=0.1)  # Sharma's formula in any calculator
    assert apart("#c00000", "#4d7a00", "no red (protanopia)") < apart("#c00000", "#4d7a00") / 3


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=lambda each: each.name)
def test_heat_rises_away_from_the_ground(flavour) -> None:
    steps = [_lightness(colour) for colour in flavour.heat]
    assert steps == sorted(steps, reverse=not flavour.dark)


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=lambda each: each.name)
def test_ink_can_be_read_and_scales_rise_in_lightness(flavour) -> None:
    assert _contrast(flavour.ink, flavour.panel) >= 7
    assert _contrast(flavour.ink_quiet, flavour.panel) >= 4.5
    assert _contrast(flavour.label, flavour.halo[:7]) >= 7
    steps = [_lightness(colour) for colour in flavour.scale]
    assert steps == sorted(steps, reverse=not flavour.dark)
