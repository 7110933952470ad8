"""Theme: one themed layer of the map, declared whole and checked on construction."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default_of
from enum import StrEnum
from typing import TypeVar

from layers._check import check_theme
from layers._exclusion import Exclusion
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Indicator
from layers._rules import Ask
from layers._sight import Sight
from layers._text import Text

__all__ = ["Choice", "Exclusion", "Field", "Geometry", "Kind", "Role", "Rung", "Sight", "Style", "Theme"]

Named = TypeVar("Named", Field, Indicator)


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
    population, households, registered : str, optional
        Fields with a unit's resident people, its households, and the people registered there (户籍).
    """

    code: str = "code"
    name: str = "name"
    level: str = "level"
    parent: str = "parent"
    population: str | None = None
    households: str | None = None
    registered: str | None = None


def _named(declared: tuple[Named, ...], name: str) -> Named:
    """The declaration of a name: asked for hundreds of times a page, so without a table of all names made each time."""
    for each in declared:
        if each.name == name:
            return each
    raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One themed layer: what it is, what is known of each row, how it looks, what is counted.

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
        What is counted.
    sight : Sight, optional
        Rows that see ground.
    obstacle : bool
        Areas that nothing sees through (buildings): they cut the sights of every theme.
    rung : Rung, optional
        Rows that are units of the ladder.
    rules : tuple of Ask
        What is asked of its rows beyond their fields.
    live : str, optional
        A choice field that a status feed may turn between loads.
    placed_by : str, optional
        For files without coordinates (a table by village): the field that holds the code, or the name, of the unit that a
        row stands in. Its point is that unit's.
    left_by : Exclusion, optional
        Rows that no file brings: what is left of units when the rows of other themes are taken away.
    ledger : tuple of str
        Number fields that its ledger adds up, by state and in all.
    group : Group
        The heading of the tree under which it stands.
    fresh_days : (int, int)
        Days after which its data are called old (amber), and out of date (red).
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
    obstacle: bool = False
    rung: Rung | None = None
    rules: tuple[Ask, ...] = ()
    live: str | None = None
    placed_by: str | None = None
    left_by: Exclusion | None = None
    ledger: tuple[str, ...] = ()
    group: Group = Group.OTHER
    fresh_days: tuple[int, int] = (60, 120)
    order: int = 50
    on: bool = False

    def __post_init__(self) -> None:
        check_theme(self)

    @property
    def place(self) -> str:
        """The file of this declaration."""
        return f"layers/{self.name}.py"

    def field(self, name: str) -> Field:
        """The field called `name`.

        Raises
        ------
        KeyError
            There is none.
        """
        return _named(self.fields, name)

    def indicator(self, name: str) -> Indicator:
        """The indicator called `name` (without the theme).

        Raises
        ------
        KeyError
            There is none.
        """
        return _named(self.indicators, name)
