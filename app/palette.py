"""Colours by role: one flat record per flavour, desk (light) and wall (dark). Nothing else in the app names a colour.

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
        "desk" or "wall".
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
    missed=("#dd7840", "#ad673a", "#775636"), met=("#1d4d6d", "#26749a", "#43a9c9"),
    nodata="#3a4656",
    heat=("#372c78", "#6f3f96", "#ab4a8d", "#dc6670", "#f89d52", "#ffe68c"), hatch="#728296", blind="#33261f",
    good="#2fc79c", watch="#ffb52e", bad="#ff6f3d", quiet="#7f8fa3",
    teal="#35c6c4", blue="#5aa7f2", violet="#ad8df0", amber="#f2b84b", rose="#f2799d", green="#94d36b", earth="#cfa274",
    road="#8ba1b3", border_line="#4a6c88", dot_rim="#06101f", cluster_ink="#06121f", selected="#ffd34d",
    surface="#040a16", panel="#0a172a", ink="#e8f2f9", ink_quiet="#92aabd", line="#1b3350", accent="#43b9dd",
    accent_ink="#04121f",
)

BOARD = replace(DESK, name="board")

FLAVOURS: dict[str, Flavour] = {each.name: each for each in (DESK, WALL, BOARD)}


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
