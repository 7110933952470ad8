"""Theme: one themed layer of the map, declared whole and checked on construction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as default_of
from enum import StrEnum

from layers._errors import DeclarationError
from layers._field import Choice, Field, Kind, check_field
from layers._indicator import Between, Indicator, Is, Seen, Share, Sum, Where
from layers._rules import Ask, Before, Near, Never, fields_named
from layers._sight import Sight
from layers._text import Text

__all__ = ["Choice", "Field", "Geometry", "Kind", "Role", "Rung", "Sight", "Style", "Theme"]


class Geometry(StrEnum):
    """The one shape of a theme's rows, as PostGIS names it."""

    POINT = "Point"
    LINE = "MultiLineString"
    AREA = "MultiPolygon"


class Role(StrEnum):
    """A colour by what it means; a flavour of `app.palette` gives it a value."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    QUIET = "quiet"  # out of use, unknown
    TEAL = "teal"
    BLUE = "blue"
    VIOLET = "violet"
    AMBER = "amber"
    ROSE = "rose"
    GREEN = "green"
    EARTH = "earth"
    ROAD = "road"
    BORDER = "border"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a theme looks, in roles.

    Parameters
    ----------
    role : Role
        Its colour.
    by : str, optional
        A choice field whose values have roles of their own.
    roles : dict of str to Role
        Choice value -> role; values left out take `role`.
    rest : Text, optional
        What rows without a choice are, where that means something; they are quiet then, else they take `role`.
    rows_from_zoom : float
        From this zoom single rows are drawn; below it points are clustered, areas and lines left out.
    sizes_by : str, optional
        A choice field that gives lines their width: first choice widest.
    heat : bool
        Whether a heat map is offered.
    """

    role: Role
    by: str | None = None
    roles: dict[str, Role] = default_of(default_factory=dict)
    rest: Text | None = None
    rows_from_zoom: float = 12.0
    sizes_by: str | None = None
    heat: bool = False

    def role_of(self, choice: str | None) -> Role:
        """The role of rows with a choice of `by`; of those without one where it is None."""
        if choice is None:
            return Role.QUIET if self.rest else self.role
        return self.roles.get(choice, self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How a theme's rows become units of the administrative ladder.

    Parameters
    ----------
    code, name : str
        Fields that hold a unit's code and name.
    level : str
        Field that holds the level; the level may also be read from the code.
    parent : str
        Field that holds the parent's code.
    population, households : str, optional
        Fields with a unit's people and households.
    """

    code: str = "code"
    name: str = "name"
    level: str = "level"
    parent: str = "parent"
    population: str | None = None
    households: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One themed layer: what it is, what is known of each row, how it looks, what is counted, what was promised.

    Parameters
    ----------
    name : str
        Equal to the file's name; the table `onemap.<name>`.
    title : Text
        What tree, legend and card call it.
    about : Text
        One sentence that a layperson accepts.
    geometry : Geometry
        The one shape of its rows.
    key : str
        The required field that names a row for ever.
    label : str
        The field shown as a row's name.
    fields : tuple of Field
        What is known of each row.
    style : Style
        How it looks.
    indicators : tuple of Indicator
        What is counted, with the targets they serve.
    sight : Sight, optional
        Rows that see ground.
    rung : Rung, optional
        Rows that are units of the ladder.
    rules : tuple of Ask
        What is asked of its rows beyond their fields.
    order : int
        Place in the tree and the legend, small first.
    on : bool
        Whether the theme is drawn when the reader has chosen nothing.

    Raises
    ------
    DeclarationError
        The declaration contradicts itself; the sentence names the file, the fact and the remedy.
    """

    name: str
    title: Text
    about: Text
    geometry: Geometry
    key: str
    label: str
    fields: tuple[Field, ...]
    style: Style
    indicators: tuple[Indicator, ...] = ()
    sight: Sight | None = None
    rung: Rung | None = None
    rules: tuple[Ask, ...] = ()
    order: int = 50
    on: bool = False

    def __post_init__(self) -> None:
        check_theme(self)

    @property
    def place(self) -> str:
        """The file of this declaration."""
        return f"layers/{self.name}.py"

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError if there is none."""
        return {each.name: each for each in self.fields}[name]

    def indicator(self, name: str) -> Indicator:
        """The indicator called `name` (without the theme); KeyError if there is none."""
        return {each.name: each for each in self.indicators}[name]


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
    for ask in theme.rules:
        _check_ask(theme, ask)
    for indicator in theme.indicators:
        _check_indicator(theme, indicator)


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


def _check_rung_and_sight(theme: Theme) -> None:
    if theme.rung:
        for part in ("code", "name", "level", "parent", "population", "households"):
            _need(theme, f"rung {part}", getattr(theme.rung, part))
    if theme.sight:
        for part in ("azimuth", "angle", "far", "near"):
            _need(theme, f"sight {part}", getattr(theme.sight, part))
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
    if isinstance(measure, Share) and not measure.where:
        raise DeclarationError(theme.place, f"{place} is a share of everything", "say where=")
    for target in indicator.targets:
        if target.at_least is None and target.at_most is None:
            raise DeclarationError(theme.place, f"target {target.id} has no threshold", "say at_least= or at_most=")


def _check_where(theme: Theme, part: str, where: Where) -> None:
    for condition in where:
        _need(theme, f"{part} asks for {condition.field!r}: it", condition.field)
        kind = theme.field(condition.field).kind
        if isinstance(condition, Between) and kind not in (Kind.INTEGER, Kind.NUMBER):
            raise DeclarationError(
                theme.place, f"{part} asks for a range of {condition.field!r}, which is {kind.value}", "use Is(...)"
            )
        if isinstance(condition, Is) and kind is Kind.CHOICE:
            _check_values(theme, part, condition)


def _check_values(theme: Theme, part: str, condition: Is) -> None:
    legal = [choice.value for choice in theme.field(condition.field).choices]
    for value in condition.values:
        if value not in legal:
            raise DeclarationError(
                theme.place,
                f"{part} asks for {value!r}, which is no choice of {condition.field!r}",
                f"use one of {', '.join(legal)}",
            )
