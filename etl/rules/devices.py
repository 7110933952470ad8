"""C, continued: 20-digit codes of GB/T 28181, and codes of units that rows carry along."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from layers import Text
from layers._rules import Claims, DeviceCode

# GB/T 28181-2022 annex E: digits 9 and 10. 00-03 social security, 04-07 traffic, 08 city management, 09 environment,
# 10 customs, 11 education, 12 aviation, 13 railway, 14 shipping, 40-45 industry.
_INDUSTRIES = {f"{n:02d}" for n in (*range(15), *range(40, 46))}
_RESERVED_NETWORK = "9"


def _whole(matter: Matter) -> Iterator[tuple[DeviceCode, pd.Series, np.ndarray]]:
    """Each declared device code, its texts, and the rows where it is 20 digits."""
    for ask in matter.theme.rules:
        if isinstance(ask, DeviceCode):
            codes = matter.texts(ask.field)
            yield ask, codes, codes.str.fullmatch(r"\d{20}").to_numpy(dtype=bool)


def _type(matter: Matter) -> Iterator[Hit]:
    for ask, codes, whole in _whole(matter):
        types = codes.str[10:13]
        legal = Text(
            "、".join(f"{code}{title.zh}" for code, title in ask.types.items()),
            " or ".join(f"{code} ({title.en})" for code, title in ask.types.items()),
        )
        if ask.types:
            yield hit(whole & ~types.isin(list(ask.types)).to_numpy(), code=codes, digits=types, legal=legal)


def _industry(matter: Matter) -> Iterator[Hit]:
    for _, codes, whole in _whole(matter):
        yield hit(whole & ~codes.str[8:10].isin(_INDUSTRIES).to_numpy(), code=codes, digits=codes.str[8:10])


def _network(matter: Matter) -> Iterator[Hit]:
    for _, codes, whole in _whole(matter):
        yield hit(whole & (codes.str[13] == _RESERVED_NETWORK).to_numpy(), code=codes)


def _bare(digits: str) -> str:
    """The digits of a place without the pairs of zeros that stand for "no nearer said"."""
    return digits[:2] if digits[2:6] == "0000" else digits[:4] if digits[4:6] == "00" else digits[:6]


def _known(matter: Matter) -> set[str]:
    """The beginnings, of 2, 4 and 6 digits, of the statistical codes in the ladder."""
    counties = {code[:6] for code in matter.units["code"] if _is_statistical(code)}
    return {code[:n] for code in counties for n in (2, 4, 6)}


def _centre(matter: Matter) -> Iterator[Hit]:
    for _, codes, whole in _whole(matter):
        if known := matter.remembered(_known):
            places = codes.str[:6].map(_bare)
            yield hit(whole & ~places.isin(known).to_numpy(), code=codes, digits=codes.str[:6])


def _place(matter: Matter) -> Iterator[Hit]:
    for _, codes, whole in _whole(matter):
        if known := matter.remembered(_known):
            places = codes.str[:6].map(_bare).to_numpy()
            units = matter.stands[0]
            said = whole & np.isin(places.astype(str), list(known)) & np.array([_is_statistical(each) for each in units], dtype=bool)
            rows = np.flatnonzero(said)
            away = rows[[not units[row].startswith(places[row]) for row in rows]] if len(rows) else rows
            there = np.array([*(units[row][:6] for row in away), None], dtype=object)[:-1]
            yield hit(away, digits=codes.to_numpy()[away], there=there)


def _is_statistical(code: str | None) -> bool:
    return code is not None and len(code) >= 12 and code.isdigit()


def _claims(matter: Matter) -> Iterator[tuple[Claims, np.ndarray]]:
    for ask in matter.theme.rules:
        if isinstance(ask, Claims):
            yield ask, matter.column(ask.field)


def _unknown_unit(matter: Matter) -> Iterator[Hit]:
    for ask, said in _claims(matter):
        begun = _begun(matter, said)
        lost = np.array([each is not None and each not in begun for each in said], dtype=bool)
        yield hit(lost & bool(len(matter.units)), field=matter.theme.field(ask.field).title, code=said)


def _begun(matter: Matter, said: np.ndarray) -> set[str]:
    """Those of the codes said that a unit of the ladder has, or begins with."""
    codes = sorted(matter.units["code"])
    found = ((one, bisect_left(codes, one)) for one in {each for each in said if each is not None})
    return {one for one, at in found if at < len(codes) and codes[at].startswith(one)}


def _elsewhere(matter: Matter) -> Iterator[Hit]:
    """Rows that say one unit and stand in another."""

    @cache
    def inside(said: str, path: str) -> bool:
        """Whether a unit on the path begins with the code that is claimed."""
        return any(code.startswith(said) for code in path.split("/"))

    for ask, said in _claims(matter):
        begun, (units, paths) = _begun(matter, said), matter.stands
        away = [
            one in begun and path is not None and not inside(one, path) for one, path in zip(said, paths, strict=True)
        ]
        yield hit(np.array(away, dtype=bool), field=matter.theme.field(ask.field).title, code=said, unit=units)


RULES = (
    Rule(
        id="C15", name="device_type", severity=Severity.WARNING, check=_type,
        asks=Text("国标编码第11—13位是该专题的设备类型", "Digits 11 to 13 of a GB/T 28181 code are a type that belongs here"),
        why=Text("录像机、平台不是监控点位，计入会虚增数量", "Recorders and platforms are no cameras; counting them swells the number"),
        remedy=Text("删去非摄像机设备，或改正编码", "Leave such devices out, or mend the code"),
        example="…00|118|0…（网络录像机）",
        reason=Text("编码{code}的设备类型为{digits}，应为{legal}", "code {code} is of type {digits}, not {legal}"),
    ),
    Rule(
        id="C16", name="device_industry", severity=Severity.WARNING, check=_industry,
        asks=Text("国标编码第9—10位是已定义的行业", "Digits 9 and 10 of a GB/T 28181 code are a defined industry"),
        why=Text("未定义的行业码多为错位", "An undefined one is mostly a digit that slipped"),
        remedy=Text("核对编码", "Check the code"),
        example="33060310|77|132…",
        reason=Text("编码{code}的行业码{digits}未定义", "code {code} names industry {digits}, which is undefined"),
    ),
    Rule(
        id="C17", name="device_network", severity=Severity.WARNING, check=_network,
        asks=Text("国标编码第14位不是保留值9", "Digit 14 of a GB/T 28181 code is not the reserved 9"),
        why=Text("保留值说明网络标识未填", "The reserved value says that nobody filled it in"),
        remedy=Text("填写网络标识", "Give the network"),
        example="…132|9|000001",
        reason=Text("编码{code}的网络标识为保留值9", "code {code} names the reserved network 9"),
    ),
    Rule(
        id="C18", name="device_centre", severity=Severity.WARNING, check=_centre,
        asks=Text("国标编码前6位是辖区内的区划", "The first 6 digits of a GB/T 28181 code are a unit of the ladder"),
        why=Text("编码属于别处的平台", "The code belongs to a platform elsewhere"),
        remedy=Text("核对中心编码", "Check the centre code"),
        example="440106…出现在浙江",
        reason=Text("编码{code}的前6位{digits}不在辖区内", "code {code} begins with {digits}, which is no unit of the ladder"),
    ),
    Rule(
        id="C19", name="device_place", severity=Severity.WARNING, check=_place,
        asks=Text("国标编码的区县与点位所在区县一致", "The county in a GB/T 28181 code is the one where the camera stands"),
        why=Text("编码与位置必有一错", "Either the code or the position is wrong"),
        remedy=Text("核对编码与坐标", "Check code and coordinates"),
        example="330105…立在330106",
        reason=Text("编码{digits}与所在区县{there}不一致", "its code {digits} names another county than {there}, where it stands"),
    ),
    Rule(
        id="C20", name="unknown_unit", severity=Severity.WARNING, check=_unknown_unit,
        asks=Text("所填单位代码在辖区内", "The unit that a row names is in the ladder"),
        why=Text("指向不存在的单位，或用了旧代码", "It names no unit, or one of an older list"),
        remedy=Text("换成现行代码", "Use the code that is in force"),
        example="行政区域：330199",
        reason=Text("{field}{code}不在辖区内", "{field} {code} is no unit of the ladder"),
    ),
    Rule(
        id="C21", name="claims_elsewhere", severity=Severity.WARNING, check=_elsewhere,
        asks=Text("行内所填单位就是其位置所在的单位", "A row stands in the unit that it names"),
        why=Text("代码与坐标必有一错，统计会归错单位", "Code or position is wrong, and the row is counted elsewhere"),
        remedy=Text("核对坐标与单位代码", "Check the coordinates and the unit's code"),
        example="行政区域：330105，位置在330106",
        reason=Text("{field}为{code}，位置却在{unit}", "its {field} is {code}, and it stands in {unit}"),
    ),
)  # fmt: skip
