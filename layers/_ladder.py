"""The administrative ladder: its levels from province to micro-grid, and what a code says of its level."""

from __future__ import annotations

from dataclasses import dataclass

from layers._text import Text


@dataclass(frozen=True, slots=True)
class Level:
    """One rung of the ladder.

    Parameters
    ----------
    name : str
        Our word ("county"), used in code, tiles and URLs.
    title : Text
        What the page shows.
    digits : int
        Length of the significant part of a statistical code at this level.
    known_as : tuple of str
        Spellings in files.
    """

    name: str
    title: Text
    digits: int
    known_as: tuple[str, ...] = ()


# 统计用区划代码 nests 2+2+2+3+3 digits (GB/T 2260-2007 for the first six, GB/T 10114-2003 for the town);
# grids carry the village's code and three digits more (DB11/T 301), micro-grids two more again (local practice).
LEVELS: tuple[Level, ...] = (
    Level("province", Text("省", "Province"), 2, ("自治区", "直辖市")),
    Level("city", Text("市", "City"), 4, ("地级市", "设区市", "州", "盟")),
    Level("county", Text("区县", "County"), 6, ("县", "区", "县级市", "旗", "市辖区")),
    Level("town", Text("乡镇", "Town"), 9, ("镇", "乡", "街道", "街道办")),
    Level("village", Text("村社区", "Village"), 12, ("村", "社区", "行政村", "居委会", "村委会", "嘎查", "里")),
    Level("grid", Text("网格", "Grid"), 15, ("基础网格", "单元网格", "全科网格")),
    Level("microgrid", Text("微网格", "Micro-grid"), 17, ("微格",)),
)

LEVEL_NAMES: tuple[str, ...] = tuple(level.name for level in LEVELS)

# Length of a whole statistical code; shorter levels are filled with zeros.
CODE_DIGITS = 12


def level(name: str) -> Level:
    """The level called `name`; KeyError if the ladder has none."""
    return LEVELS[LEVEL_NAMES.index(name)] if name in LEVEL_NAMES else _unknown(name)


def _unknown(name: str) -> Level:
    raise KeyError(f"no level {name!r}; the ladder has {', '.join(LEVEL_NAMES)}")


def level_of(code: str) -> str | None:
    """The level that a statistical code's own zeros and length say.

    Parameters
    ----------
    code : str
        12 digits, or 15 and 17 for grids and micro-grids.

    Returns
    -------
    str or None
        A level's name; None where the code follows another system (then the file must say the level).
    """
    if not (code.isascii() and code.isdigit()):
        return None
    if len(code) > CODE_DIGITS:
        return {15: "grid", 17: "microgrid"}.get(len(code))
    if len(code) != CODE_DIGITS:
        return None
    filled = len(code.rstrip("0"))
    return next((rung.name for rung in LEVELS[:5] if filled <= rung.digits), None)


def is_community(code: str) -> bool:
    """Whether a village's code is that of a community (社区居委会) and not of an administrative village (行政村).

    Notes
    -----
    统计用区划代码编制规则: the last three digits are 001-199 for residents' committees and 400-499 for what is like one;
    200-399 and 500-599 for villagers' committees. Codes of other systems say nothing: they are villages.
    """
    if not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
        return False
    return 1 <= int(code[9:]) <= 199 or 400 <= int(code[9:]) <= 499


def parent_code(code: str) -> str | None:
    """The code one level up by the digits' own nesting; None for a province or another system.

    Notes
    -----
    A guess from the digits: the store keeps the parent that the file declares, and falls back to this one.
    """
    name = level_of(code)
    if name is None or name == "province":
        return None
    above = LEVELS[LEVEL_NAMES.index(name) - 1]
    return code[: above.digits].ljust(max(CODE_DIGITS, above.digits), "0")
