"""Where the reader stands: equal to the URL, and to nothing else. Pure; pages, panels and scripts only pass it on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote, urlsplit

from app.address import Explained, Pick, Place, in_order, problem, read, rounded, written
from app.choices import (
    DEFINITIONS,
    HEATS,
    LANGS,
    LOOKS,
    METHODS,
    PAGES,
    PERS,
    SIGHTS,
    entries,
    indicator_at_first,
    shadings,
    shown_at_first,
)
from app.errors import ViewProblem

__all__ = [
    "DEFINITIONS", "HEATS", "LANGS", "LOOKS", "METHODS", "PAGES", "PERS", "SIGHTS", "Pick", "Place", "View", "entries", "indicator_at_first", "shadings",
    "shown_at_first",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """One place to stand.

    Parameters
    ----------
    page : str
        One of `PAGES`.
    unit : str, optional
        Code of the unit in view; None for home, the root of what the reader may see.
    themes : tuple of str
        Entries that are switched on, in the order of the legend (`entries`).
    indicator : str, optional
        "theme.indicator" that colours the units; None for `indicator_at_first`.
    against : str, optional
        A day, or the code of a unit, whose numbers are laid beside.
    explain : tuple of (str, str, int), optional
        Indicator whose number is opened, which of its rows are listed, and the page of them.
    row : tuple of (str, str), optional
        Theme and key of the row whose card is open.
    at : tuple of (lon, lat, zoom), optional
        Where the reader moved the map to, degrees; None for the whole of the unit.
    lang : str
        "zh" or "en".
    day : date, optional
        The day asked for; None for the newest.
    level : str, optional
        The level whose units are coloured; None for the children of the unit in view.
    where : tuple of (str, str, str)
        Theme, field and choice: only rows that have one of the choices named of each field, in the order of declarations.
    heat, per : str
        One of `HEATS` and of `PERS`.
    classes : str, optional
        One of `METHODS`; None for the one that suits the indicator.
    sight : str
        One of `SIGHTS`.
    definition : str
        One of `DEFINITIONS`: the reading of terms under which every number of the page is counted.
    document, lead, state : str, optional
        The board's filters: name of a document, a unit in charge, a state of `geodata.judging.STATES`. On the board `level`
        is a filter too.
    target : str, optional
        Id of the target that is open on the board.
    flavour : str, optional
        One of `LOOKS`; None for the page's own.
    scenes : str, optional
        The playlist that a wall shows; None for a wall that stays where it is.
    bezel : str, optional
        How a wall is spliced, "columns x rows : seam" in its own pixels, such as "3x2:12".
    guest : bool
        Whether exact positions are hidden: visitors stand before the wall.
    """

    page: str = "desk"
    unit: str | None = None
    themes: tuple[str, ...] = field(default_factory=shown_at_first)
    indicator: str | None = None
    against: str | None = None
    explain: Explained | None = None
    row: tuple[str, str] | None = None
    at: Place | None = None
    lang: str = "zh"
    day: date | None = None
    level: str | None = None
    where: tuple[Pick, ...] = ()
    heat: str = "kernel"
    per: str = "km2"
    classes: str | None = None
    sight: str = "designed"
    definition: str = "default"
    document: str | None = None
    lead: str | None = None
    state: str | None = None
    target: str | None = None
    flavour: str | None = None
    scenes: str | None = None
    bezel: str | None = None
    guest: bool = False

    @property
    def counted(self) -> str:
        """The indicator that colours the units."""
        return self.indicator or indicator_at_first()

    def entered(self, code: str | None) -> View:
        """The view of a unit (None: home) as a whole, with no row open."""
        explain = (self.explain[0], "all", 1) if self.explain else None
        return replace(self, unit=code, row=None, at=None, level=None, explain=explain)

    def picked(self, theme: str, key: str, at: Place | None = None) -> View:
        """The same view with a row's card open, near the row where a place is given."""
        return replace(self, row=(theme, key), at=rounded(at) if at else self.at)

    def unpicked(self) -> View:
        """The same view without a card."""
        return replace(self, row=None)

    def up(self, parent: str | None) -> View:
        """One step back: closes the card or the explanation if one is open, else goes to the unit above (None: home)."""
        return self.unpicked() if self.row else self.unexplained() if self.explain else self.entered(parent)

    def explaining(self, name: str, which: str = "all", page: int = 1) -> View:
        """The desk with a number opened, and the units coloured by it."""
        return replace(self.counting(name), page="desk", explain=(name, which, page), document=None, lead=None, state=None, target=None)

    def held_against(self, other: str | None) -> View:
        """The view with the numbers of another day or unit laid beside (None: of none)."""
        return replace(self, against=other)

    def unexplained(self) -> View:
        """The same view with no number opened."""
        return replace(self, explain=None)

    def switched(self, entry: str) -> View:
        """The view with one entry of the legend turned on or off."""
        wanted = set(self.themes) ^ {entry}
        return replace(self, themes=tuple(each for each in entries() if each in wanted))

    def picks(self, theme: str) -> tuple[tuple[str, str], ...]:
        """The choices that rows of a theme must have."""
        return tuple((name, choice) for owner, name, choice in self.where if owner == theme)

    def picking(self, theme: str, name: str, choice: str) -> View:
        """The view with one choice of a field asked for, or no longer."""
        return replace(self, where=in_order(set(self.where) ^ {(theme, name, choice)}))

    def heating(self, heat: str | None = None, per: str | None = None) -> View:
        """The view with its heat map drawn, or counted, in another way."""
        return replace(self, heat=heat or self.heat, per=per or self.per)

    def classing(self, method: str | None) -> View:
        """The view with its units put into classes in another way (None: the one that suits the indicator)."""
        return replace(self, classes=method)

    def seeing(self, sight: str) -> View:
        """The view of what all cameras see, or of what those see that work."""
        return replace(self, sight=sight)

    def shading(self, entry: str) -> View:
        """The view with this shading of the ground and no other, or with none if it is on: two would hide each other."""
        plain = {each for each in self.themes if ":" not in each}
        wanted = plain if entry in self.themes else plain | {entry}
        return replace(self, themes=tuple(each for each in entries() if each in wanted))

    @property
    def shaded(self) -> tuple[str, str] | None:
        """Theme and kind of the shading that colours the ground; None where the units' values do."""
        on = [each.partition(":") for each in self.themes if ":" in each]
        return (on[-1][0], on[-1][2]) if on else None

    @property
    def kind(self) -> str:
        """The kind of that shading; nothing where there is none."""
        return self.shaded[1] if self.shaded else ""

    def unpicking(self, theme: str) -> View:
        """The view with all rows of a theme again."""
        return replace(self, where=tuple(each for each in self.where if each[0] != theme))

    def counting(self, indicator: str) -> View:
        """The view coloured by another indicator."""
        return replace(self, indicator=None if indicator == indicator_at_first() else indicator)

    def defining(self, definition: str) -> View:
        """The view with its numbers counted under another definition."""
        return replace(self, definition=definition)

    def colouring(self, level: str | None) -> View:
        """The view with the units of another level coloured (None: the children)."""
        return replace(self, level=level)

    def speaking(self, lang: str) -> View:
        """The view in another language."""
        return replace(self, lang=lang)

    def moved(self, lon: float, lat: float, zoom: float) -> View:
        """The view after the reader moved the map."""
        return replace(self, at=rounded((lon, lat, zoom)))

    def wearing(self, flavour: str | None) -> View:
        """The view in another flavour (None: the page's own)."""
        return replace(self, flavour=flavour)

    def before_guests(self) -> View:
        """The view as guests see it."""
        return replace(self, guest=True, row=None)

    def guesting(self) -> View:
        """The view before visitors, or no longer; they see no card of a row."""
        return replace(self, guest=not self.guest, row=None)

    def on(self, page: str) -> View:
        """The view on another page; what only the board knows stays there."""
        if "board" not in (page, self.page) or page == self.page:
            return replace(self, page=page)
        return replace(self.unpicked(), page=page, level=None, document=None, lead=None, state=None, target=None)

    def listing(self, **by: str | None) -> View:
        """The board with other filters (document, lead, state, level), and with no target open."""
        return replace(self, target=None, **by)  # type: ignore[arg-type]

    def opening(self, target: str | None) -> View:
        """The board with a target open, or with none."""
        return replace(self, target=target)

    def to_url(self) -> str:
        """The view as path and query: canonical order, defaults left out."""
        parts = [f"{name}={quote(text, safe='/:,')}" for name, text in written(self) if text is not None]
        return PAGES[self.page] + ("?" + "&".join(parts) if parts else "")

    @classmethod
    def from_url(cls, url: str) -> tuple[View, tuple[ViewProblem, ...]]:
        """The view that an address names.

        Parameters
        ----------
        url : str
            Path and query, such as "/wall?unit=990101000000"; a host before it is ignored.

        Returns
        -------
        View, tuple of ViewProblem
            What cannot be followed is left at its default and named in a sentence; nothing is raised.
        """
        split = urlsplit(url)
        problems: list[ViewProblem] = []
        known = {path.rstrip("/"): page for page, path in PAGES.items()}
        page = known.get(split.path.rstrip("/"))
        if page is None:
            problems.append(problem(split.path, "没有这个页面", "已打开首页", "there is no such page", "this is home"))
        found = {"page": page or "desk"} | read(split.query, problems)
        return cls(**found), tuple(problems)
