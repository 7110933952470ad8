"""The rules as a page and as lists, made from their declarations: nothing about a rule is written twice."""

from __future__ import annotations

from typing import Any

from etl.rules import FAMILIES, RULES
from etl.rules._rule import Rule, Severity
from layers import Text, Theme
from layers._field import Field
from layers._rules import AreaOf, Ask, AtMost, Before, Claims, Near, Never, fields_named

_SEVERITY = {
    Severity.ERROR: Text("错误：该行搁置", "error: the row is set aside"),
    Severity.WARNING: Text("警告：照常入库，记录在案", "warning: published, kept and counted"),
    Severity.LOAD: Text("拒收：整份文件不入库", "load: the file is refused"),
}

_HEAD = """# The rules 质检规则

Made from the declarations in this folder by `./onemap rules --markdown`; a test keeps it true. {n} rules. A rule that does
not fit a stream of files is named in its recipe, `accept = ["rule_name"]`: its errors are then only warned of, its warnings
left out. Limits of single fields (ranges, patterns, lists) are those of the theme's own file: `./onemap rules --theme NAME`.
"""


def page() -> str:
    """Every rule as Markdown, family by family."""
    parts = [_HEAD.format(n=len(RULES))]
    parts += [f"- **{severity}** {words.zh}; {words.en.partition(': ')[2]}\n" for severity, words in _SEVERITY.items()]
    for letter, title in FAMILIES.items():
        rules = sorted((each for each in RULES if each.id[0] == letter), key=lambda each: each.id)
        parts.append(f"\n## {letter} {title.zh} {title.en}\n")
        parts += [_entry(each) for each in rules]
    return "".join(parts)


def _entry(rule: Rule) -> str:
    by = "" if rule.check else f" Found by `{rule.found_by}`."
    return (
        f"\n### {rule.id} `{rule.name}` · {rule.severity}\n\n"
        f"{rule.asks.zh}。{rule.asks.en}.{by}\n\n"
        f"- 为何 why: {rule.why.zh}。{rule.why.en}.\n"
        f"- 怎么办 what to do: {rule.remedy.zh}。{rule.remedy.en[0].upper()}{rule.remedy.en[1:]}.\n"
        f"- 例 example: {rule.example}\n"
    )


def plain() -> list[dict[str, Any]]:
    """Every rule as JSON takes it, by number."""
    return [
        {
            "id": each.id,
            "name": each.name,
            "severity": each.severity.value,
            "asks": _both(each.asks),
            "why": _both(each.why),
            "remedy": _both(each.remedy),
            "reason": _both(each.reason) if each.reason else None,
            "example": each.example,
            "found_by": each.found_by or "etl.check",
        }
        for each in sorted(RULES, key=lambda each: each.id)
    ]


def _both(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def of_theme(theme: Theme) -> list[dict[str, Any]]:
    """What one theme asks of its rows: field by field, then what it asks of several fields together.

    Parameters
    ----------
    theme : Theme

    Returns
    -------
    list of dict
        id of the rule, field or fields, and the limit.
    """
    asked = [{"id": id_, "field": each.name, "limit": limit} for each in theme.fields for id_, limit in _limits(each)]
    return asked + [
        {"id": _BY_ASK[type(each).__name__], "field": ", ".join(fields_named(each)), "limit": _said(each)}
        for each in theme.rules
    ]


def _limits(field: Field) -> list[tuple[str, str]]:
    found = [("D01", "required")] if field.required else []
    if field.minimum is not None or field.maximum is not None:
        low, high = ("" if each is None else f"{each:g}" for each in (field.minimum, field.maximum))
        found.append(("D02", f"{low}..{high} {field.unit or ''}".strip()))
    if field.pattern:
        found.append(("C01", field.pattern))
    if field.choices:
        found.append(("E01", ", ".join(each.value for each in field.choices)))
    return found + [("E03", each.standard) for each in field.vintages]


_BY_ASK = {
    "Near": "T14", "Before": "S04", "AtMost": "D10", "AreaOf": "T15", "Claims": "C21", "DeviceCode": "C15", "Never": "E05",
}  # fmt: skip


def _said(ask: Ask) -> str:
    if isinstance(ask, Never):
        return f"never: {ask.says.en}"
    if isinstance(ask, Near):
        return f"within {ask.metres:g} m of {ask.theme}"
    if isinstance(ask, Before):
        return "the first is not later than the second"
    if isinstance(ask, AtMost):
        return "the first is not more than the second"
    if isinstance(ask, AreaOf):
        return "is the area of the outline"
    return "is the unit where the row stands" if isinstance(ask, Claims) else "is a code of GB/T 28181"
