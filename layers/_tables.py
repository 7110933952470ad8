"""Short forms for wide tables by unit: fields that hold a number or a yes, indicators that are shares and sums of rows."""

from __future__ import annotations

from layers._condition import Where
from layers._field import Choice, Field, Kind
from layers._indicator import Format, Indicator, Share, Sum
from layers._text import Text

OPEN_STATES = (
    Choice("open", Text("使用中", "In use"), ("开放", "正常", "在用", "已建成", "正常运行")),
    Choice("building", Text("在建", "Being built"), ("建设中", "筹建")),
    Choice("closed", Text("停用", "Closed"), ("关闭", "撤并", "闲置")),
)
"""States of a place that serves people."""


def code(name: str, zh: str, en: str, *known_as: str) -> Field:
    """A required code."""
    return Field(name=name, title=Text(zh, en), kind=Kind.CODE, required=True, known_as=known_as)


def named(zh: str, en: str, *known_as: str) -> Field:
    """The required name of a row."""
    return Field(name="name", title=Text(zh, en), required=True, known_as=known_as)


def number(name: str, zh: str, en: str, unit: str = "人", *known_as: str) -> Field:
    """A whole number of things, 0 or more."""
    return Field(name=name, title=Text(zh, en), kind=Kind.INTEGER, unit=unit, minimum=0, known_as=known_as)


def amount(name: str, zh: str, en: str, unit: str, *known_as: str) -> Field:
    """A measured number, 0 or more."""
    return Field(name=name, title=Text(zh, en), kind=Kind.NUMBER, unit=unit, minimum=0, known_as=known_as)


def flag(name: str, zh: str, en: str, *known_as: str) -> Field:
    """A yes or no."""
    return Field(name=name, title=Text(zh, en), kind=Kind.FLAG, known_as=known_as)


def day(name: str, zh: str, en: str, *known_as: str) -> Field:
    """A day."""
    return Field(name=name, title=Text(zh, en), kind=Kind.DATE, known_as=known_as)


def share(name: str, title: tuple[str, str], says: tuple[str, str], where: Where, among: Where = ()) -> Indicator:
    """The share of rows that meet `where`, of those that meet `among`; titles and sentences in Chinese and English."""
    return Indicator(
        name=name, title=Text(*title), says=Text(*says), measure=Share(where=where, among=among), format=Format.PERCENT
    )


def total(name: str, title: tuple[str, str], says: tuple[str, str], field: str, unit: tuple[str, str]) -> Indicator:
    """The sum of a number over the rows."""
    return Indicator(name=name, title=Text(*title), says=Text(*says), measure=Sum(field), unit=Text(*unit))


def part(name: str, title: tuple[str, str], says: tuple[str, str], field: str, of: str) -> Indicator:
    """The share of one sum in another (matters done online, of all matters)."""
    measure = Sum(field, divided_by=of)
    return Indicator(name=name, title=Text(*title), says=Text(*says), measure=measure, format=Format.PERCENT)
