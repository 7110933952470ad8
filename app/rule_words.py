"""A target's rule in words, and its numbers as they are printed."""

from __future__ import annotations

from app.numbers import NOTHING, printed, whole
from app.words import word
from geodata.judging import Standing, Verdict
from layers import indicator
from layers._asked import Between, CountAtLeast, EachAtLeast, Milestone, PerPeriod, Simple, UnitsAtLeast, parts
from layers._indicator import Format
from layers._ladder import level
from layers._target import Deadline, Due, Target


def title(rule: Simple, target: Target, lang: str) -> str:
    """What a part of a rule is about: its indicator's name, or the target's own words."""
    return indicator(rule.by)[1].title[lang] if rule.by else target.counts[lang]


def in_words(target: Target, lang: str) -> list[str]:
    """Each part of the rule as a sentence."""
    return [_sentence(each, target, lang) for each in parts(target.rule)]


def _sentence(rule: Simple, target: Target, lang: str) -> str:
    name = title(rule, target, lang)
    match rule:
        case EachAtLeast():
            return word("rule.each", lang, level=level(rule.level).title[lang], name=name, asked=value(rule.at_least, rule, lang))
        case UnitsAtLeast():
            return word("rule.units", lang, level=level(rule.level).title[lang], name=name, reach=value(rule.reach, rule, lang),
                        asked=percent(rule.at_least))
        case Between():
            return word("rule.between", lang, name=name, low=f"{rule.low:g}", high=f"{rule.high:g}", asked=percent(rule.at_least))
        case Milestone():
            return word("rule.milestone", lang, name=name)
        case PerPeriod():
            asked = whole(rule.times) if rule.share is None else percent(rule.share)
            return word("rule.period", lang, name=name, times=f"{rule.times:g}", every=word(f"every.{rule.every.value}", lang), asked=asked)
        case CountAtLeast():
            said = word("rule.count", lang, level=level(target.levels[0]).title[lang], name=name, asked=whole(rule.at_least))
            return said + (word("rule.quotas", lang, n=len(rule.quotas)) if rule.quotas else "")
        case _:
            return word("rule.share", lang, name=name, asked=value(rule.at_least, rule, lang))


def percent(share: float) -> str:
    """A share as percent, with no more decimals than it has."""
    return f"{share * 100:.4g}%"


def value(number: float | None, rule: Simple, lang: str, units: bool = False) -> str:
    """A number of an indicator with its unit; a share of units that pass as percent."""
    if number is None:
        return NOTHING
    if units:
        return percent(number) if number in (0, 1) else f"{min(max(number * 100, 0.1), 99.9):.1f}%"
    if rule.by is None:
        return percent(number) if number <= 1 else whole(number)
    if isinstance(rule, CountAtLeast):
        return whole(number)
    shown, sign = printed(number, indicator(rule.by)[1], lang)
    return (shown.removesuffix(".0") if sign == "%" else shown) + (sign if sign == "%" else f" {sign}" if sign else "")


def is_share(verdict: Verdict) -> bool:
    """Whether what is judged is a part of a whole."""
    by = verdict.rule.by
    return verdict.numbers.units is not None or bool(by and not isinstance(verdict.rule, CountAtLeast) and indicator(by)[1].format is Format.PERCENT)


def figure(verdict: Verdict, lang: str) -> str:
    """The number that is judged."""
    return value(verdict.numbers.value, verdict.rule, lang, verdict.numbers.units is not None)


def asked(verdict: Verdict, lang: str) -> str:
    """What it must reach; a dash where the unit owes nothing by itself."""
    return value(verdict.asked, verdict.rule, lang, verdict.numbers.units is not None)


def counted(verdict: Verdict, lang: str) -> str:
    """What was counted, of what: "92 / 300 村社区"; empty where it is no quotient."""
    numbers = verdict.numbers
    if numbers.denominator is None or numbers.numerator is None or numbers.value is None:
        return ""
    unit = f" {level(numbers.units).title[lang]}" if numbers.units else ""
    return f"{_short(numbers.numerator)} / {_short(numbers.denominator)}{unit}"


def _short(number: float) -> str:
    return whole(number) if abs(number) >= 1000 or float(number).is_integer() else f"{number:.4g}"


def deadline(due: Deadline, lang: str) -> str:
    """By when, as a day where there is one."""
    if due.on:
        return due.on.isoformat()
    if due.masked:
        return word("due.masked", lang, month=f"{due.masked[0]:02}", day=f"{due.masked[1]:02}")
    return word("due.period" if due.kind is Due.PER_PERIOD else "due.none", lang)


def parts_met(standing: Standing) -> tuple[int, int]:
    """How many parts of a rule are met, of how many."""
    return sum(each.state == "met" for each in standing.parts), len(standing.parts)
