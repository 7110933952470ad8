"""Colours by role: one flat record per flavour, one for the desk and four for walls. Nothing else in the app names a colour.

State roles follow Okabe and Ito (2008, "Color Universal Design"): bluish green, orange and vermilion stay apart for
readers with any of the common colour deficiencies. Sequential scales rise in one hue from near the ground to far from
it; scales around a target run from orange (missed) to blue (met), which no deficiency confuses.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from layers._theme import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """One set of values for every role of colour on the map, in the panels and in the charts.

    Parameters
    ----------
    name : str
        "desk", "wall" (深蓝), "dark", "light" or "contrast".
    dark : bool
        Whether ink is lighter than ground.
    ground, land, land_quiet : str
        Outside of everything; a unit without a value; the neighbours of the unit in view.
    mask : float
        How much of the ground lies over what is outside the unit in view, 0 to 1.
    border, border_strong, rim, rim_glow : str
        Between children; between large children; around the unit in view and the light along it.
    label, label_quiet, halo : str
        Names, names of small things, and what keeps both legible.
    scale : tuple of str, 7 colours
        Low to high.
    missed, met : tuple of str, 3 colours each
        Far below the target to just below; just met to well met.
    nodata : str
        No value is known: not the same as a low value.
    heat : tuple of str, 6 colours
        Sparse to dense.
    hatch : str
        Strokes over what has no value: what a deficient eye cannot tell by colour it tells by pattern.
    blind : str
        Ground that nothing sees.
    good ... border_line : str
        The roles that declarations may name (`layers._theme.Role`).
    surface, panel, ink, ink_quiet, line, accent, accent_ink : str
        Page, panel, text, secondary text, hairlines, what can be clicked and text on it.
    """

    name: str
    dark: bool
    ground: str
    land: str
    land_quiet: str
    mask: float
    border: str
    border_strong: str
    rim: str
    rim_glow: str
    label: str
    label_quiet: str
    halo: str
    scale: tuple[str, ...]
    missed: tuple[str, ...]
    met: tuple[str, ...]
    nodata: str
    heat: tuple[str, ...]
    hatch: str
    blind: str
    good: str
    watch: str
    bad: str
    quiet: str
    teal: str
    blue: str
    violet: str
    amber: str
    rose: str
    green: str
    earth: str
    road: str
    border_line: str
    dot_rim: str
    cluster_ink: str
    selected: str
    surface: str
    panel: str
    ink: str
    ink_quiet: str
    line: str
    accent: str
    accent_ink: str

    def role(self, role: Role) -> str:
        """The colour of a role that a declaration names."""
        return getattr(self, "border_line" if role is Role.BORDER else role.value)

    @property
    def classes(self) -> tuple[str, ...]:
        """Every colour that a unit may be filled with, in the order of `app.classes` indexes."""
        return (*self.scale, *self.missed, *self.met, self.nodata)

    @property
    def no_value(self) -> int:
        """The class of what has no value."""
        return len(self.classes) - 1


DESK = Flavour(
    name="desk", dark=False,
    ground="#e7edf0", land="#f8faf9", land_quiet="#eef2f3", mask=0.62,
    border="#bccdd5", border_strong="#9fb7c3", rim="#21506a", rim_glow="#8fb4c4",
    label="#1d2f3a", label_quiet="#4d626e", halo="#fffffff2",
    scale=("#e0f0ec", "#bfe1dd", "#97cfcd", "#69b6bb", "#3f98a5", "#23788b", "#0f586d"),
    missed=("#d4703f", "#e8a67c", "#f5d6bf"), met=("#cbe4e8", "#8ac3cf", "#4495aa"),
    nodata="#d3d8db",
    heat=("#fbe9a9", "#f9c566", "#ef9540", "#d3602f", "#9c3537", "#55163a"), hatch="#9aa5ac", blind="#f4e1d2",
    good="#12876b", watch="#dd9210", bad="#cf4a13", quiet="#8794a0",
    teal="#1f8a8c", blue="#2f6fb3", violet="#7a5cb0", amber="#c98a14", rose="#c24e73", green="#5b9a3c", earth="#a5774b",
    road="#b9a98c", border_line="#8aa0ab", dot_rim="#ffffff", cluster_ink="#ffffff", selected="#e0571b",
    surface="#eef2f4", panel="#ffffff", ink="#18262f", ink_quiet="#5b6d78", line="#dbe3e7", accent="#1c6f86",
    accent_ink="#ffffff",
)

WALL = Flavour(
    name="wall", dark=True,
    ground="#050d1c", land="#0d2038", land_quiet="#0a182b", mask=0.66,
    border="#2a5a80", border_strong="#4583ad", rim="#7fd4f2", rim_glow="#1c7fb0",
    label="#eaf5fb", label_quiet="#a9c3d4", halo="#041020f2",
    scale=("#0f2c49", "#123c5e", "#144e75", "#17628c", "#1d78a3", "#2b90b9", "#4dacce"),
    missed=("#ee6435", "#ae5a2d", "#704a26"), met=("#1c5a70", "#22819b", "#48b4c9"),
    nodata="#3a4656",
    heat=("#372c78", "#6f3f96", "#ab4a8d", "#dc6670", "#f89d52", "#ffe68c"), hatch="#728296", blind="#33261f",
    good="#2fc79c", watch="#ffb52e", bad="#ff6f3d", quiet="#7f8fa3",
    teal="#35c6c4", blue="#5aa7f2", violet="#ad8df0", amber="#f2b84b", rose="#f2799d", green="#94d36b", earth="#cfa274",
    road="#8ba1b3", border_line="#4a6c88", dot_rim="#06101f", cluster_ink="#06121f", selected="#ffd34d",
    surface="#040a16", panel="#0a172a", ink="#eef6fb", ink_quiet="#a9c0d0", line="#1d3857", accent="#4fc3e6",
    accent_ink="#04121f",
)

BOARD = replace(DESK, name="board")

DARK = replace(
    WALL, name="dark", ground="#0b0c0e", land="#20242a", land_quiet="#16191d", border="#4a525c", border_strong="#6d7884",
    rim="#d7dee6", rim_glow="#77838f", label="#f4f6f8", label_quiet="#c3cad1", halo="#0b0c0ef2", nodata="#4b4f55", hatch="#858b93",
    blind="#37302a", dot_rim="#0b0c0e", surface="#0a0b0d", panel="#15181c", ink="#f6f8fa", ink_quiet="#c6ced6", line="#31373f",
    accent="#7cc6e6",
)

LIGHT = replace(
    DESK, name="light", ground="#dde6ea", surface="#e9eff2", panel="#fbfdfd", ink="#0f1c24", ink_quiet="#2b3a45", line="#c3d0d7",
    accent="#0b4f66", label="#12222c", label_quiet="#33454f", rim="#12455f",
)

CONTRAST = replace(
    WALL, name="contrast", ground="#000000", land="#101820", land_quiet="#080c10", border="#7f93a3", border_strong="#b8c6d0",
    rim="#ffffff", rim_glow="#7fb6d8", label="#ffffff", label_quiet="#f0f4f7", halo="#000000f2", surface="#000000", panel="#000000",
    ink="#ffffff", ink_quiet="#dfe6ec", line="#6f8291", accent="#7fdcff", accent_ink="#000000", good="#3fe0b0", watch="#ffc857",
    bad="#ff7f50", quiet="#9aa8b5",
)

FLAVOURS: dict[str, Flavour] = {each.name: each for each in (DESK, WALL, BOARD, DARK, LIGHT, CONTRAST)}

BY_THE_HOUR = "hours"
"""Asked for in the place of a wall's flavour: light by day, deep blue by night."""

DAY_HOURS = range(7, 18)
"""Hours of the wall's own clock that are day."""


def worn(page: str, asked: str | None, hour: int) -> Flavour:
    """The flavour of a page.

    Parameters
    ----------
    page : str
        "desk" has one flavour; "wall" the one asked for, deep blue by default.
    asked : str, optional
        Name of a flavour, or `BY_THE_HOUR`.
    hour : int
        0 to 23, of the clock where the page is seen.
    """
    if page != "wall":
        return FLAVOURS[page]
    if asked == BY_THE_HOUR:
        return LIGHT if hour in DAY_HOURS else WALL
    return FLAVOURS[asked or page]


def css(flavour: Flavour) -> dict[str, str]:
    """The flavour as CSS custom properties, for stylesheets of the pages ("--ink-quiet": "#5b6d78").

    Parameters
    ----------
    flavour : Flavour

    Returns
    -------
    dict of str to str
        Single colours only; scales are for the map and the charts.
    """
    values = {each.name: getattr(flavour, each.name) for each in fields(flavour)}
    return {f"--{name.replace('_', '-')}": value for name, value in values.items()
            if isinstance(value, str) and value.startswith("#")}
