"""Readings of an indicator: strict, default and loose must count the same kind of thing, and stay inside their ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from layers._errors import DeclarationError
from layers._indicator import Between, Indicator, Measure, Reading

RANGES: dict[str, tuple[float, float, str]] = {
    "within": (1, 5000, "metres"),
    "metres": (1, 5000, "metres"),
    "at_least": (1, 1000, "rows"),
    "people_from": (0, 1_000_000, "people"),
}
"""Parameters of measures: the smallest and largest value that means something on the ground of villages, and its unit."""


def variants(place: str, indicator: Indicator) -> Iterator[tuple[str, Indicator]]:
    """An indicator under each of its definitions, as one that has no other.

    Parameters
    ----------
    place : str
        The file of its declaration.
    indicator : Indicator

    Yields
    ------
    (str, Indicator)
        The definition, and the indicator with the measure and the sentence that hold under it.

    Raises
    ------
    DeclarationError
        A reading counts nothing of its own, counts something else, or has a parameter outside its range.
    """
    for definition in indicator.definitions:
        found = indicator.reading(definition)
        _check_ranges(place, f"indicator {indicator.name!r}, {definition} definition", found.measure)
        if definition != "default":
            _check_reading(place, indicator, definition, found)
        yield definition, replace(indicator, measure=found.measure, says=found.says, strict=None, loose=None)


def _check_reading(place: str, indicator: Indicator, definition: str, found: Reading) -> None:
    named = f"the {definition} definition of indicator {indicator.name!r}"
    if found.measure == indicator.measure:
        raise DeclarationError(place, f"{named} counts the same as the default", "leave it out")
    if not (found.says.zh.strip() and found.says.en.strip()):
        raise DeclarationError(place, f"{named} has no sentence", "say in both languages what is counted then")
    if _kind(found.measure) != _kind(indicator.measure):
        raise DeclarationError(
            place,
            f"{named} is a {type(found.measure).__name__}, the default a {type(indicator.measure).__name__}",
            "count the same kind of thing in all of them, or declare another indicator",
        )


_SHARES = ("Share", "Seen", "SeenGround", "UnitsHaving", "Together")


def _kind(measure: Measure) -> str:
    """Shares of something can be laid side by side; else only numbers made in the same way."""
    return "share" if type(measure).__name__ in _SHARES else type(measure).__name__


def _check_ranges(place: str, named: str, measure: Measure) -> None:
    for each in fields(measure):
        value = getattr(measure, each.name)
        if value is None or each.name not in RANGES or (each.name == "within" and not value):
            continue  # within=0 asks for no nearness
        low, high, unit = RANGES[each.name]
        if not low <= value <= high:
            fact = f"{named} has {each.name}={value:g}, which is outside its range"
            raise DeclarationError(place, fact, f"choose from {low:,} to {high:,} {unit}")
    for condition in (*getattr(measure, "where", ()), *getattr(measure, "among", ())):
        if isinstance(condition, Between) and None not in (condition.low, condition.high) and condition.low > condition.high:  # type: ignore[operator]
            fact = f"{named} asks for {condition.field!r} from {condition.low:g} to {condition.high:g}, which nothing meets"
            raise DeclarationError(place, fact, "put the smaller number first")
