"""C: codes: their digits, what the digits say of level and place, and whether a spreadsheet has spoilt them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import log10

import numpy as np
import pandas as pd

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit, whole_file
from layers import Text
from layers._field import Kind
from layers._ladder import level, level_of

# A double holds 53 bits: longer whole numbers are multiples of a power of two.
_DOUBLE_BITS, _EXCEL_DIGITS = 53, 15
# The chance that sound codes look like rounded ones by accident; three codes of 20 digits suffice.
_CHANCE = 1e-6
_MOST = 0.95

_LENGTHS = {12, 15, 17, 20}  # unit; grid 12+3 (DB11); micro-grid 12+3+2; grid of CJ/T 349-2010


def _in_words(pattern: str) -> Text:
    """What a pattern asks, for people; itself where it is more than a number of digits."""
    digits = re.fullmatch(r"\\d\{(\d+)\}", pattern)
    return Text(f"应为{digits[1]}位数字", f"has to be {digits[1]} digits") if digits else Text(f"不合规则{pattern}", f"does not read {pattern}")


def _pattern(matter: Matter) -> Iterator[Hit]:
    for each in matter.theme.fields:
        if each.pattern:
            said = matter.frame[each.name]
            odd = said.notna() & ~matter.texts(each.name).str.fullmatch(each.pattern)
            yield hit(odd, field=each.title, value=said, pattern=_in_words(each.pattern))


def _codes(matter: Matter) -> pd.Series:
    return matter.texts(matter.theme.rung.code if matter.theme.rung else matter.theme.key)


def _statistical(matter: Matter) -> np.ndarray:
    """Rows with a code of digits, in a file of units most of which follow the statistical code."""
    codes = _codes(matter)
    digits = codes.str.fullmatch(r"\d+").to_numpy(dtype=bool)
    whole = digits & codes.str.len().isin(_LENGTHS).to_numpy()
    return digits if matter.theme.rung and whole.sum() * 2 >= len(codes) > 0 else np.zeros(len(codes), dtype=bool)


def _length(matter: Matter) -> Iterator[Hit]:
    codes = _codes(matter)
    yield hit(_statistical(matter) & ~codes.str.len().isin(_LENGTHS).to_numpy(), code=codes, n=codes.str.len())


# GB/T 2260-2007: the first two digits; 99 is nobody's, and so that of fictitious data.
_PROVINCES = {str(n) for n in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 99)}


def _province(matter: Matter) -> Iterator[Hit]:
    codes = _codes(matter)
    yield hit(_statistical(matter) & ~codes.str[:2].isin(_PROVINCES).to_numpy(), code=codes, digits=codes.str[:2])


def _part(matter: Matter, first: int, last: int) -> pd.Series:
    """Digits of statistical codes as numbers; NaN for others and for codes that are too short."""
    codes = _codes(matter)
    fit = pd.Series(_statistical(matter), index=codes.index) & (codes.str.len() >= last)
    return pd.to_numeric(codes.str[first:last].where(fit), errors="coerce")


def _town(matter: Matter) -> Iterator[Hit]:
    yield hit(_part(matter, 6, 9) >= 600, code=_codes(matter), digits=_codes(matter).str[6:9])


def _village(matter: Matter) -> Iterator[Hit]:
    yield hit(_part(matter, 9, 12) >= 600, code=_codes(matter), digits=_codes(matter).str[9:12])


def _level(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung is None:
        return
    given, codes = matter.column(matter.theme.rung.level), _codes(matter)
    said = np.array([*(level_of(code) for code in codes), None], dtype=object)[:-1]
    rows = np.flatnonzero([one is not None and two is not None and one != two for one, two in zip(given, said, strict=True)])
    titles = [np.array([*(level(name).title for name in column[rows]), None], dtype=object)[:-1] for column in (given, said)]
    yield hit(rows, code=codes.to_numpy()[rows], given=titles[0], said=titles[1])


def _grid(matter: Matter) -> Iterator[Hit]:
    """The code of a grid begins with that of the village, or the grid, that it belongs to."""
    if matter.theme.rung is None:
        return
    grids = np.isin(matter.levels.astype(str), ["grid", "microgrid"]) & _statistical(matter)
    above = matter.parents.copy()
    alone = np.flatnonzero(grids & (above == None))  # noqa: E711  (element by element)
    above[alone] = [_village_of(path) for path in matter.stands[1][alone]] if len(alone) else None
    known = [parent in matter.level_by_code and parent.isdigit() if parent else False for parent in above]
    codes = _codes(matter).to_numpy()
    wrong = [good and not code.startswith(parent) for good, code, parent in zip(known, codes, above, strict=True)]
    yield hit(grids & np.array(wrong, dtype=bool), code=codes, parent=above)


def _village_of(path: str | None) -> str | None:
    return next((code for code in reversed((path or "").split("/")) if level_of(code) == "village"), None)


def _sequence(matter: Matter) -> Iterator[Hit]:
    """Grids are numbered through their village; a number that is left out is a grid that did not arrive."""
    fit = _statistical(matter) & (_codes(matter).str.len() == 15).to_numpy()
    rows = np.flatnonzero(fit & (matter.levels == "grid"))
    codes = pd.Series(_codes(matter).to_numpy()[rows], index=rows).sort_values()
    if codes.empty:
        return
    number, village = codes.str[12:].astype(int), codes.str[:12]
    before = number.groupby(village).shift(fill_value=0)
    skipped = (number - before > 1) & (number < 900)  # from 900 on: numbers of special grids
    yield hit(
        codes.index[skipped].to_numpy(), village=village[skipped].to_numpy(), first=(before + 1)[skipped].to_numpy(),
        number=number[skipped].to_numpy(),
    )  # fmt: skip


def _blank(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(Kind.CODE):
        codes = matter.texts(each.name)
        yield hit(codes.str.contains(r"\s", regex=True), field=each.title, code=codes)


def _letters(matter: Matter) -> Iterator[Hit]:
    codes = _codes(matter)
    digits = codes.str.fullmatch(r"\d+")
    if digits.sum() >= _MOST * len(codes):
        yield hit(codes.str.fullmatch(r"(?=.*\d)[0-9OoIl]+") & ~digits, code=codes)


def _odd_length(matter: Matter) -> Iterator[Hit]:
    key = matter.theme.field(matter.theme.key)
    if matter.theme.rung or key.pattern or len(matter) < 20:
        return
    codes = _codes(matter)
    lengths = codes.str.len()
    usual = int(lengths.mode().iloc[0])
    if codes.str.fullmatch(r"\d+").all() and (lengths == usual).mean() >= _MOST:
        yield hit(lengths < usual, code=codes, n=lengths, usual=usual)


def _placeholder(matter: Matter) -> Iterator[Hit]:
    codes = _codes(matter)
    yield hit(codes.str.fullmatch(r"(\d)\1{5,}"), code=codes)


def _rounded(matter: Matter) -> Iterator[Hit]:
    """Text that once was a number: every long code is what a double can hold, which sound ones hardly ever are."""
    for each in matter.of_kind(Kind.CODE):
        codes = matter.frame[each.name].dropna().drop_duplicates()
        long = [int(code) for code in codes if isinstance(code, str) and len(code) >= 18 and code.isdigit() and code[0] != "0"]
        steps = {"binary": [1 << (n.bit_length() - _DOUBLE_BITS) for n in long]}
        steps["decimal"] = [10 ** (len(str(n)) - _EXCEL_DIGITS) for n in long]
        for of in steps.values():
            lost = len(long) >= 3 and not any(n % step for n, step in zip(long, of, strict=True))
            if lost and -sum(map(log10, of)) < log10(_CHANCE):
                yield whole_file(field=each.title, n=len(long), example=str(long[0]))


RULES = (
    Rule(
        id="C01", name="pattern", severity=Severity.ERROR, check=_pattern,
        asks=Text("编码符合字段声明的格式", "A code reads as its field declares"),
        why=Text("位数不对的编码无法与其他系统对接", "A code with a digit too few joins with nothing"),
        remedy=Text("按标准补全编码", "Complete the code by its standard"),
        example="3306031000132000001（19位）",
        reason=Text("{field}“{value}”{pattern}", "{field} '{value}' {pattern}"),
    ),
    Rule(
        id="C02", name="code_as_number", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("编码以文本保存，不是数字", "Codes are kept as text, not as numbers"),
        why=Text("超过15位的数字会丢失末尾，看似正常却已错误", "Beyond 15 digits a number loses its end and still looks right"),
        remedy=Text("将该列设为文本后重新录入或导出", "Make the column text and export it again"),
        example="3.30603E+19",
    ),
    Rule(
        id="C03", name="unit_code_length", severity=Severity.WARNING, check=_length,
        asks=Text("区划代码12位，网格代码15、17或20位", "Codes of units have 12 digits, of grids 15, 17 or 20"),
        why=Text("截去末尾零或丢失首零的代码看不出级别", "Without its zeros a code does not say its level"),
        remedy=Text("按统计用区划代码补足12位", "Fill it up to 12 digits"),
        example="330106",
        reason=Text("代码{code}为{n}位，应为12位（网格15、17或20位）", "code {code} has {n} digits, not 12 (grids: 15, 17 or 20)"),
    ),
    Rule(
        id="C04", name="unit_province", severity=Severity.WARNING, check=_province,
        asks=Text("区划代码前两位是省级代码（GB/T 2260）", "The first two digits are a province of GB/T 2260"),
        why=Text("前两位错，整个代码就指向别处", "With them wrong, the code points elsewhere"),
        remedy=Text("核对代码首位，常见为首零丢失或错位", "Look for a digit that was lost or shifted"),
        example="103301060010",
        reason=Text("代码{code}的前两位{digits}不是省级代码", "code {code} begins with {digits}, which is no province"),
    ),
    Rule(
        id="C05", name="town_digits", severity=Severity.WARNING, check=_town,
        asks=Text("代码第7—9位在001—599之间（GB/T 10114）", "Digits 7 to 9 lie in 001 to 599 (GB/T 10114)"),
        why=Text("该范围以外没有乡级单位", "No town has such digits"),
        remedy=Text("核对乡级代码", "Check the code of the town"),
        example="330106700001",
        reason=Text("代码{code}的乡级段{digits}超出001—599", "code {code} has {digits} for its town, outside 001 to 599"),
    ),
    Rule(
        id="C06", name="village_digits", severity=Severity.WARNING, check=_village,
        asks=Text("代码第10—12位在001—599之间", "Digits 10 to 12 lie in 001 to 599"),
        why=Text("居委会为001—199，村委会为200—399，类似单位为400—599", "001 to 199 residents', 200 to 399 villagers' committees, 400 to 599 the like"),
        remedy=Text("核对村级代码", "Check the code of the village"),
        example="330106001777",
        reason=Text("代码{code}的村级段{digits}超出001—599", "code {code} has {digits} for its village, outside 001 to 599"),
    ),
    Rule(
        id="C07", name="level_of_code", severity=Severity.WARNING, check=_level,
        asks=Text("级别与代码的有效位数一致", "The level agrees with the digits of the code"),
        why=Text("级别决定单位在钻取树中的位置", "The level decides where the unit stands in the ladder"),
        remedy=Text("改正级别或代码", "Mend the level or the code"),
        example="330106001000，级别：村",
        reason=Text("级别为{given}，而代码{code}是{said}的代码", "its level is {given}, and its code {code} is that of a {said}"),
    ),
    Rule(
        id="C08", name="grid_prefix", severity=Severity.WARNING, check=_grid,
        asks=Text("网格代码以所属村社区代码开头", "The code of a grid begins with that of its village"),
        why=Text("网格必须属于一个村社区", "A grid belongs to one village"),
        remedy=Text("改正网格代码或所属单位", "Mend the code of the grid, or the unit it belongs to"),
        example="330106001002001，所属 330106001001",
        reason=Text("代码{code}不以所属单位{parent}开头", "its code {code} does not begin with that of its unit, {parent}"),
    ),
    Rule(
        id="C09", name="sequence_hole", severity=Severity.WARNING, check=_sequence,
        asks=Text("网格在村内连续编号", "Grids are numbered through their village"),
        why=Text("缺号意味着有网格没有报来", "A number left out is a grid that did not arrive"),
        remedy=Text("补报缺号的网格，或说明已撤并", "Send the missing grid, or say that it was merged"),
        example="…001, …002, …004",
        reason=Text("{village}的网格从第{first}号起缺号，直到第{number}号", "grids of {village} are missing from number {first} up to this one, {number}"),
    ),
    Rule(
        id="C10", name="code_blank", severity=Severity.WARNING, check=_blank,
        asks=Text("编码中间没有空格", "Codes hold no blanks"),
        why=Text("带空格的编码与不带的不相等", "With a blank inside it equals nothing"),
        remedy=Text("删去空格", "Take the blanks out"),
        example="330106 001001",
        reason=Text("{field}“{code}”中间有空格", "{field} '{code}' has a blank inside"),
    ),
    Rule(
        id="C11", name="code_letter", severity=Severity.WARNING, check=_letters,
        asks=Text("数字编码中没有形近字母", "Codes of digits hold no letters that look like digits"),
        why=Text("字母O与数字0看起来一样，却是不同的编码", "An O looks like a 0 and is another code"),
        remedy=Text("改成数字", "Write the digit"),
        example="33O106001001",
        reason=Text("编码{code}中有形近数字的字母", "code {code} holds a letter that looks like a digit"),
    ),
    Rule(
        id="C12", name="code_length", severity=Severity.WARNING, check=_odd_length,
        asks=Text("同一文件中编码位数一致", "Codes of one file are equally long"),
        why=Text("少一位多为首零丢失", "One digit less is a leading zero lost"),
        remedy=Text("将该列设为文本，补回首零", "Make the column text and put the zero back"),
        example="其余13位，此行12位",
        reason=Text("编码{code}为{n}位，其余为{usual}位", "code {code} has {n} digits where the others have {usual}"),
    ),
    Rule(
        id="C13", name="code_placeholder", severity=Severity.WARNING, check=_placeholder,
        asks=Text("编码不是占位数字", "A code is no placeholder"),
        why=Text("占位编码终会与另一行冲突", "Sooner or later another row has the same"),
        remedy=Text("填入正式编码", "Give it its own code"),
        example="99999999",
        reason=Text("编码{code}是占位数字", "code {code} is a placeholder"),
    ),
    Rule(
        id="C14", name="codes_rounded", severity=Severity.LOAD, check=_rounded,
        asks=Text("文本编码不曾经过数字格式", "Codes never were numbers on their way"),
        why=Text("每个编码都已被舍入，看似完整却全错", "Each of them was rounded: whole to the eye, and wrong"),
        remedy=Text("从原系统以文本列重新导出", "export the column as text from the system that made it"),
        example="33060310001320001536, 33060310001320005632, …",
        reason=Text("{field}的{n}个长编码全部经数字格式舍入过（如{example}）", "all {n} long codes of {field} were rounded as numbers (as {example})"),
    ),
)  # fmt: skip

