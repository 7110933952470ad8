"""What is known of a file before it is read: the headers its theme goes by, and what the recipe says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.recipe import Recipe
from layers import Theme

LON = ("经度", "JD", "lon", "lng", "long", "longitude", "X", "X坐标", "东经")
LAT = ("纬度", "WD", "lat", "latitude", "Y", "Y坐标", "北纬")
LONLAT = ("经纬度", "经纬度坐标", "坐标", "lonlat", "lnglat", "location", "位置坐标")
WKT = ("wkt", "wkb", "ewkt", "geom", "geometry", "the_geom", "shape", "geojson", "空间坐标", "空间数据")

DEGREE_PARTS = ("度", "分", "秒")
"""Columns of degrees, minutes and seconds, each called so behind the name of what they are parts of: 经度度, or 经度(度)."""

IN_PARTS = tuple(name + form.format(part) for name in (*LON, *LAT) for part in DEGREE_PARTS for form in ("{}", "({})"))

# Secrets and persons: never stored, so never read (Cybersecurity Law art. 21; PIPL art. 6: the least that is needed).
_SECRET = re.compile(
    r"^(ip|ipv4|ipv6|mac)([ _-]?(addr|address|地址))?$|密码|口令|passw|身份证|证件号|手机|电话|联系方式|phone|mobile|"
    r"id_?card|用户名|user_?name|^gldwlxfs$|^sfzh?m?$|^lxdh$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for in a file.

    Parameters
    ----------
    theme : Theme
        Whose rows are expected.
    recipe : Recipe
        What was said about the file.
    others : tuple of Theme
        Whose headers are looked for as well, where the theme is not known yet.
    guessing : bool
        Whether a row of words is a header though none of them is known.
    """

    theme: Theme
    recipe: Recipe
    others: tuple[Theme, ...] = ()
    guessing: bool = False

    def headers(self) -> set[str]:
        """Every header that would be understood, in its plain form."""
        known = {header for theme in (self.theme, *self.others) for each in theme.fields for header in each.headers()}
        return {plain(each) for each in known.union(self.recipe.fields.values(), LON, LAT, LONLAT, WKT, IN_PARTS)}

    def wanted(self) -> str:
        """Whose headers are looked for, in words."""
        return "any theme" if self.others else self.theme.name

    def score(self, cells: Sequence[str], known: set[str]) -> float:
        """How much a row looks like a header: how many of its words are known; a hundredth for each other one if need be.

        Parameters
        ----------
        cells : sequence of str
        known : set of str
            Of `headers`.
        """
        words = sum(bool(each.strip()) and not re.fullmatch(r"[-+.\d:/% ]+", each.strip()) for each in cells)
        whole = self.guessing and words > 1 and words == len(cells)
        return sum(plain(each) in known for each in cells) + (words / 100 if whole else 0)


def plain(header: str) -> str:
    """A header without what typists add: blanks, line breaks, stars, full-width letters, case."""
    return re.sub(r"[\s*＊]+", "", unicodedata.normalize("NFKC", header)).casefold()


def is_private(header: str) -> bool:
    """Whether a column holds a secret or a person's data, by its header."""
    return bool(_SECRET.search(plain(header)))


def kept(headers: Iterable[str]) -> list[str]:
    """The headers that may be read."""
    return [each for each in headers if not is_private(each)]
