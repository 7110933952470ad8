"""Refusals: what a theme may not say of itself, each with the file, the fact and the remedy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from layers._condition import AnyOf, Between, Condition, Is, Less, Quotient, Where, Within, fields_of
from layers._errors import DeclarationError
from layers._field import Kind, check_field
from layers._indicator import Count, Seen, Share, Sum, Together, UnitsHaving
from layers._ladder import LEVEL_NAMES
from layers._readings import variants
from layers._rules import Before, Near, Never, fields_named

if TYPE_CHECKING:
    from layers._indicator import Indicator
    from layers._rules import Ask
    from layers._theme import Theme

# Columns that every theme's table has beside its fields.
RESERVED = frozenset(
    {
        "id",
        "key",
        "source",
        "row_no",
        "load_id",
        "since",
        "until",
        "until_load",
        "hash",
        "unit",
        "path",
        "geom",
        "g3857",
    }
)


def check_theme(theme: Theme) -> None:
    """Refuse a theme that contradicts itself.

    Raises
    ------
    DeclarationError
        See the module's tests for each sentence.
    """
    _check_names(theme)
    for each in theme.fields:
        check_field(theme.place, each)
    _check_style(theme)
    _check_rung_and_sight(theme)
    _check_live(theme)
    _check_placed(theme)
    _check_left(theme)
    for name in theme.ledger:
        _check_number(theme, "ledger", name)
    for ask in theme.rules:
        _check_ask(theme, ask)
    for indicator in theme.indicators:
        for _, reading in variants(theme.place, indicator):
            _check_surveyed(theme, reading)
            _check_indicator(theme, reading)


def _check_live(theme: Theme) -> None:
    _need(theme, "live", theme.live)
    if theme.live and theme.field(theme.live).kind is not Kind.CHOICE:
        fact = f"live is {theme.live!r}, which is {theme.field(theme.live).kind.value}"
        raise DeclarationError(theme.place, fact, "name a field of kind choice")


def _check_ask(theme: Theme, ask: Ask) -> None:
    place = f"rule {type(ask).__name__}"
    for name in fields_named(ask):
        _need(theme, f"{place} asks for {name!r}: it", name)
        if isinstance(ask, Before) and theme.field(name).kind is not Kind.DATE:
            raise DeclarationError(
                theme.place, f"{place} compares {name!r}, which is {theme.field(name).kind.value}", "name two dates"
            )
    if isinstance(ask, Never | Near):
        _check_where(theme, place, ask.where)


def _check_names(theme: Theme) -> None:
    repeated = [name for name, n in Counter(each.name for each in theme.fields).items() if n > 1]
    if repeated:
        raise DeclarationError(theme.place, f"field {repeated[0]!r} is declared twice", "keep one of them")
    reserved = [each.name for each in theme.fields if each.name in RESERVED]
    if reserved:
        raise DeclarationError(theme.place, f"field {reserved[0]!r} is a column that every table has", "rename it")
    _need(theme, "key", theme.key)
    _need(theme, "label", theme.label)
    if not theme.field(theme.key).required:
        raise DeclarationError(theme.place, f"key {theme.key!r} is not a required field", "declare it required=True")


def _need(theme: Theme, part: str, name: str | None) -> None:
    known = ", ".join(each.name for each in theme.fields)
    if name is not None and name not in {each.name for each in theme.fields}:
        raise DeclarationError(
            theme.place, f"{part} is {name!r}, which is not one of its fields", f"use one of {known}"
        )


def _check_style(theme: Theme) -> None:
    _need(theme, "style by", theme.style.by)
    _need(theme, "style sizes_by", theme.style.sizes_by)
    if theme.style.by is None:
        return
    legal = [choice.value for choice in theme.field(theme.style.by).choices]
    for value in theme.style.roles:
        if value not in legal:
            raise DeclarationError(
                theme.place,
                f"style gives a role to {value!r}, which is no choice of {theme.style.by!r}",
                f"use one of {', '.join(legal)}",
            )


def _check_placed(theme: Theme) -> None:
    """Rows that stand in the unit they name: at a point that is the unit's, so nothing may be made of its position."""
    if theme.placed_by is None:
        return
    _need(theme, "placed_by", theme.placed_by)
    of = theme.field(theme.placed_by)
    if of.kind is not Kind.CODE or not of.required:
        raise DeclarationError(theme.place, f"placed_by {of.name!r} is {of.kind.value}", "name a required field of kind code")
    said = {"geometry": theme.geometry.value != "Point", "rung": theme.rung, "sight": theme.sight, "heat": theme.style.heat}
    wrong = [name for name, given in said.items() if given]
    if wrong:
        remedy = "leave it out" if wrong[0] != "geometry" else "say geometry=Geometry.POINT"
        raise DeclarationError(theme.place, f"it is placed by units and has a {wrong[0]} of its own", remedy)


def _check_number(theme: Theme, part: str, name: str) -> None:
    _need(theme, part, name)
    if theme.field(name).kind not in (Kind.NUMBER, Kind.INTEGER):
        raise DeclarationError(theme.place, f"{part} adds up {name!r}, which is {theme.field(name).kind.value}", "name a number")


def _check_left(theme: Theme) -> None:
    """Rows that are worked out: areas, with a field for everything that is known of them and nothing that a file could ask."""
    if theme.left_by is None:
        return
    if theme.geometry.value != "MultiPolygon":
        raise DeclarationError(theme.place, f"what is left of units are areas, and it has {theme.geometry.value}s", "say geometry=Geometry.AREA")
    if not theme.left_by.minus or theme.name in theme.left_by.minus:
        raise DeclarationError(theme.place, "left_by takes nothing away, or the theme itself", "name other themes of areas in minus=")
    if theme.left_by.level not in LEVEL_NAMES:
        raise DeclarationError(theme.place, f"left_by is of units of {theme.left_by.level!r}", f"use one of {', '.join(LEVEL_NAMES)}")
    _need(theme, "left_by of", theme.left_by.of)
    for name in (theme.left_by.mu, theme.left_by.width):
        _check_number(theme, "left_by", name)
    filled = {theme.key, theme.label, theme.left_by.of, theme.left_by.mu, theme.left_by.width}
    if more := [each.name for each in theme.fields if each.name not in filled]:
        raise DeclarationError(theme.place, f"nothing fills field {more[0]!r} of rows that are worked out", "leave it out")


def _check_surveyed(theme: Theme, indicator: Indicator) -> None:
    """A number of rows that are worked out says nothing where nobody surveyed; of rows that files bring there is no such thing."""
    measure = indicator.measure
    if isinstance(measure, Count | Sum) and measure.surveyed is not bool(theme.left_by):
        fact = f"indicator {indicator.name!r} is told of units that nobody surveyed" if theme.left_by else f"indicator {indicator.name!r} is surveyed, but its rows are not worked out"
        raise DeclarationError(theme.place, fact, f"say surveyed={bool(theme.left_by)}")


def _check_rung_and_sight(theme: Theme) -> None:
    if theme.rung:
        for part in ("code", "name", "level", "parent", "population", "households", "registered"):
            _need(theme, f"rung {part}", getattr(theme.rung, part))
    if theme.obstacle and theme.geometry.value != "MultiPolygon":
        raise DeclarationError(theme.place, f"it is an obstacle of {theme.geometry.value}s", "only areas cut sights: leave obstacle out")
    if theme.sight:
        for part in ("azimuth", "angle", "far", "near", "height", "tilt", "vertical", "pixels", "pixels_by"):
            _need(theme, f"sight {part}", getattr(theme.sight, part))
        if theme.sight.pixels_by:
            _check_values(theme, "sight pixels_of", Is(theme.sight.pixels_by, tuple(theme.sight.pixels_of)))
        _check_where(theme, "sight", theme.sight.standing + theme.sight.ring + theme.sight.effective)


def _check_indicator(theme: Theme, indicator: Indicator) -> None:
    place = f"indicator {indicator.name!r}"
    measure = indicator.measure
    for part in ("where", "among"):
        if not isinstance(measure, Seen) or part == "among":
            _check_where(theme, place, getattr(measure, part, ()))
    if isinstance(measure, Sum):
        _need(theme, f"{place} sums", measure.field)
        _need(theme, f"{place} divides by", measure.divided_by)
    if isinstance(measure, Together):
        _check_together(theme, place, measure)
    if isinstance(measure, UnitsHaving):
        _check_units(theme, place, measure)
    if isinstance(measure, Share) and not measure.where:
        raise DeclarationError(theme.place, f"{place} is a share of everything", "say where=")


def _check_together(theme: Theme, place: str, measure: Together) -> None:
    levels = [each.level for each in measure.parts]
    if len(set(levels)) < 2 or len(set(levels)) < len(levels):
        raise DeclarationError(
            theme.place, f"{place} puts together {', '.join(levels) or 'nothing'}", "give parts of two levels or more, each once"
        )
    for each in measure.parts:
        if each.reaches:
            raise DeclarationError(
                theme.place, f"{place} puts together parts that reach beyond their units", "leave out within= and named_by="
            )
        _check_units(theme, place, each)


_PEOPLE = ("population", "registered")


def _check_units(theme: Theme, place: str, measure: UnitsHaving) -> None:
    if measure.level not in LEVEL_NAMES:
        raise DeclarationError(
            theme.place, f"{place} asks for units of {measure.level!r}, which is no level", f"use one of {', '.join(LEVEL_NAMES)}"
        )
    if measure.people not in _PEOPLE:
        raise DeclarationError(theme.place, f"{place} counts people as {measure.people!r}", f"use one of {', '.join(_PEOPLE)}")
    if measure.rural and measure.level != "village":
        raise DeclarationError(theme.place, f"{place} asks for rural units of {measure.level!r}", "rural= is for villages only")
    if measure.own and measure.reaches:
        raise DeclarationError(theme.place, f"{place} is of own rows and of rows elsewhere", "leave out own=, or within= and named_by=")
    _check_rows(theme, place, measure)


def _check_rows(theme: Theme, place: str, measure: UnitsHaving) -> None:
    """Which rows a measure over units looks at."""
    for each in (measure.where, *measure.all_of):
        _check_where(theme, place, each)
    if len(measure.all_of) == 1 or () in measure.all_of:
        raise DeclarationError(theme.place, f"{place} has a checklist of less than two conditions", "say where= instead of all_of=")
    _need(theme, f"{place} is named by", measure.named_by)
    if measure.every is None:
        return
    _need(theme, f"{place} counts periods of", measure.every.field)
    if measure.all_of:
        raise DeclarationError(theme.place, f"{place} counts periods of a checklist", "leave out every= or all_of=")
    if theme.field(measure.every.field).kind is not Kind.DATE:
        kind = theme.field(measure.every.field).kind.value
        raise DeclarationError(theme.place, f"{place} counts periods of {measure.every.field!r}, which is {kind}", "name a date")


def _check_where(theme: Theme, part: str, where: Where) -> None:
    for condition in where:
        for name in fields_of(condition):
            _need(theme, f"{part} asks for {name!r}: it", name)
        if isinstance(condition, AnyOf):
            if len(condition.conditions) < 2:
                raise DeclarationError(theme.place, f"{part} asks for any of less than two conditions", "name them without AnyOf")
            _check_where(theme, part, condition.conditions)
        elif isinstance(condition, Is):
            if theme.field(condition.field).kind is Kind.CHOICE:
                _check_values(theme, part, condition)
        else:
            _check_kinds(theme, part, condition)


_COMPARES = {Between: "a range of", Less: "a comparison with", Quotient: "a quotient of", Within: "days between"}


def _check_kinds(theme: Theme, part: str, condition: Condition) -> None:
    days = isinstance(condition, Within)
    for name in fields_of(condition):
        kind = theme.field(name).kind
        if kind not in ((Kind.DATE,) if days else (Kind.INTEGER, Kind.NUMBER)):
            fact = f"{part} asks for {_COMPARES[type(condition)]} {name!r}, which is {kind.value}"
            raise DeclarationError(theme.place, fact, "name two dates" if days else "use Is(...)")


def _check_values(theme: Theme, part: str, condition: Is) -> None:
    legal = [choice.value for choice in theme.field(condition.field).choices]
    for value in condition.values:
        if value not in legal:
            raise DeclarationError(
                theme.place,
                f"{part} asks for {value!r}, which is no choice of {condition.field!r}",
                f"use one of {', '.join(legal)}",
            )
