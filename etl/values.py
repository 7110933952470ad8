"""One value as files write it -> one value of a kind; what had to be repaired is named, what cannot be read is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from layers import Text
from layers._field import Field, Kind

# Excel keeps 15 significant digits (IEEE 754 double): a longer code comes back plausible and wrong.
WHOLE_DIGITS = 15


class UnreadableError(ValueError):
    """A value that a field cannot take: `rule` and `reason` of the finding."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        self.rule, self.reason = rule, Text(zh, en)
        super().__init__(en)


class Read(NamedTuple):
    """A value that could be read.

    Parameters
    ----------
    value : object
        As its field stores it; None for a blank.
    repair : str, optional
        What had to be done to it, as it is counted.
    """

    value: Any
    repair: str | None = None


def reader_of(field: Field) -> Callable[[Any], Read]:
    """The function that reads one value of a field.

    Parameters
    ----------
    field : Field

    Returns
    -------
    callable
        From a file's value to `Read`; raises `UnreadableError`.
    """
    by_kind: dict[Kind, Callable[[Field, Any], Read]] = {
        Kind.TEXT: _text,
        Kind.CODE: _code,
        Kind.INTEGER: _integer,
        Kind.NUMBER: _number,
        Kind.DATE: _day,
        Kind.FLAG: _flag,
        Kind.CHOICE: _choice,
    }
    read = by_kind[field.kind]
    return lambda value: Read(None) if _blank(value) else read(field, value)


def _blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip("\x00 \t\r\n\u3000\u200b\ufeff")
    return value is None or value != value  # NaN differs from itself


def spelled(value: Any) -> str:
    """A value as a person would type it: 5.0 is "5"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**WHOLE_DIGITS:
        return str(int(value))
    return str(value)


# Blanks, controls and zero-width marks anywhere; what lies above Chinese in Unicode holds the full-width forms.
_NOT_BARE = re.compile(r"[\x00-\x20\xa0\u200b\u3000\ufeff]")
_NOT_PLAIN = re.compile(r"[^\x21-\x7e\u4e00-\u9fff]")


# What people and programs write so that Excel takes a code for a text: '0571 and ="0571".
_GUARDED = re.compile(r"""="(.*)"|['‘’](\w.*)""", re.DOTALL)
_GUARDS = ("=", "'", "‘", "’")


def _trimmed(value: Any) -> Read:
    """Text without blanks around it, NUL, zero-width marks, and Excel's ="..."."""
    if type(value) is str and not _NOT_BARE.search(value) and value[:1] != "=":
        return Read(value)
    text = spelled(value)
    bare = re.sub(r"[\x00\u200b\ufeff]", "", text).strip(" \t\r\n\u3000")
    if bare[:2] == '="' and (found := _GUARDED.fullmatch(bare)):
        return Read(found[1].strip(), "mark of Excel's text left out")
    return Read(bare, None if bare == text else "blanks trimmed")


def _narrow(value: Any) -> Read:
    """Trimmed text with its full-width letters and digits made plain, without the mark that makes it a text in Excel."""
    if type(value) is str and not _NOT_PLAIN.search(value) and value[:1] not in _GUARDS:
        return Read(value)
    read = _trimmed(value)
    if read.value[:1] in _GUARDS[1:] and (found := _GUARDED.fullmatch(read.value)):
        read = Read(found[2], "mark of Excel's text left out")
    plain = unicodedata.normalize("NFKC", read.value)
    return read if plain == read.value else Read(plain, "full-width made plain")


def _text(_field: Field, value: Any) -> Read:
    read = _trimmed(value)
    return read if isinstance(value, str) else Read(read.value, "number made text")


def _code(field: Field, value: Any) -> Read:
    if isinstance(value, str):
        read = _narrow(value)
        if read.value.isalnum() and "e" not in read.value.lower():
            return read
        if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", read.value):
            raise _lost(field, read.value)
        whole = re.fullmatch(r"(\d+)\.0+", read.value)
        return Read(whole[1], "number made text") if whole else read
    if isinstance(value, bool) or not float(value).is_integer() or abs(value) >= 10**WHOLE_DIGITS:
        raise _lost(field, value)
    return Read(str(int(value)), "number made text")


def _lost(field: Field, value: Any) -> UnreadableError:
    return UnreadableError(
        "code_as_number",
        f"{field.title.zh}“{spelled(value)}”存成了数字，第{WHOLE_DIGITS}位以后的数字已丢失；请将该列设为文本后重发",
        f"{field.title.en} {value} is stored as a number and has lost its last digits; make the column text and resend",
    )


_UNITS = {
    "m": ("m", "米", "公尺"),
    "m²": ("m²", "m2", "㎡", "平方米", "平米"),
    "亩": ("亩",),
    "元/年": ("元/年", "元"),
    "°": ("°", "度", "º"),
    "天": ("天", "日"),
    "场": ("场", "次", "场次"),
    "座": ("座", "个"),
    "人": ("人", "名", "口"),
    "户": ("户",),
}
_FIGURE = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)\s*(万?)\s*(.*)")


def _figure(field: Field, value: Any) -> Read:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Read(float(value))
    if isinstance(value, str):
        read = _narrow(value)
        try:
            return Read(float(read.value), read.repair) if "_" not in read.value else _written_out(field, read.value)
        except ValueError:
            return _written_out(field, read.value)
    raise _not_a_number(field, value)


def _written_out(field: Field, text: str) -> Read:
    """A number as people write it: "1,200米", "1.2万"."""
    found = _FIGURE.fullmatch(text)
    legal = tuple(unicodedata.normalize("NFKC", each) for each in _UNITS.get(field.unit or "", (field.unit or "",)))
    if not found or not re.search(r"\d", found[1]) or found[3].strip() not in ("", *legal):
        raise _not_a_number(field, text)
    return Read(float(found[1].replace(",", "")) * (10_000 if found[2] else 1), "number read from words")


def _not_a_number(field: Field, value: Any) -> UnreadableError:
    return UnreadableError(
        "not_a_number",
        f"{field.title.zh}“{spelled(value)}”不是数字",
        f"{field.title.en} {spelled(value)!r} is not a number",
    )


def _number(field: Field, value: Any) -> Read:
    read = _figure(field, value)
    if read.value in (float("inf"), float("-inf")) or _blank(read.value):
        raise _not_a_number(field, value)
    return read


def _integer(field: Field, value: Any) -> Read:
    read = _number(field, value)
    if not read.value.is_integer() or abs(read.value) >= 10**WHOLE_DIGITS:
        raise UnreadableError(
            "not_whole",
            f"{field.title.zh}“{spelled(value)}”不是整数",
            f"{field.title.en} {spelled(value)!r} is not a whole number",
        )
    return Read(int(read.value), read.repair)


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]\d{1,2}:\d{2}.*)?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEAR = re.compile(r"((?:19|20)\d{2})年?")
# Excel counts days from 1899-12-30 (its serial 60 is a 29 February 1900 that never was).
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_SERIALS = range(10_000, 80_000)


def _day(field: Field, value: Any) -> Read:
    if isinstance(value, datetime):
        return Read(value.date())
    if isinstance(value, date):
        return Read(value)
    text = _narrow(value).value
    try:
        return _day_of_text(text)
    except ValueError:
        raise UnreadableError(
            "not_a_date",
            f"{field.title.zh}“{spelled(value)}”不是日期",
            f"{field.title.en} {spelled(value)!r} is not a date",
        ) from None


def _day_of_text(text: str) -> Read:
    if found := _DAY.fullmatch(text):
        return Read(date(int(found[1]), int(found[2]), int(found[3])))
    if re.fullmatch(r"(19|20)\d{6}", text):
        return Read(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    if found := _MONTH.fullmatch(text):
        return Read(date(int(found[1]), int(found[2]), 1), "month taken as its first day")
    if found := _YEAR.fullmatch(text):
        return Read(date(int(found[1]), 1, 1), "year taken as its first day")
    serial = float(text)
    if serial.is_integer() and int(serial) in _EXCEL_SERIALS:
        return Read(_EXCEL_ZERO + timedelta(days=int(serial)), "day read from Excel's number")
    raise ValueError(text)


_TRUE = {"true", "t", "1", "是", "有", "y", "yes", "√"}
_FALSE = {"false", "f", "0", "否", "无", "n", "no", "×"}


def _flag(field: Field, value: Any) -> Read:
    read = _narrow(value)
    if read.value.casefold() in _TRUE | _FALSE:
        return Read(read.value.casefold() in _TRUE, read.repair)
    raise UnreadableError(
        "not_yes_or_no",
        f"{field.title.zh}“{spelled(value)}”不是是或否",
        f"{field.title.en} {spelled(value)!r} is neither yes nor no",
    )


def _choice(field: Field, value: Any) -> Read:
    read = _narrow(value)
    for fold in (str, lambda each: unicodedata.normalize("NFKC", each).casefold()):
        known = {fold(word): each.value for each in field.choices for word in each.spellings()}
        if fold(read.value) in known:
            return Read(known[fold(read.value)], read.repair)
    legal = "、".join(each.title.zh for each in field.choices)
    raise UnreadableError(
        "not_a_choice",
        f"{field.title.zh}为“{spelled(value)}”，应为{legal}之一",
        f"{field.title.en} is {spelled(value)!r}, not one of {', '.join(each.title.en for each in field.choices)}",
    )
