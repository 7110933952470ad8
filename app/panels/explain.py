"""An opened number: how it is defined, what it was counted from, row by row, and SQL that makes it again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import layers
from app.numbers import printed, whole
from app.outlook import Outlook
from app.panels.definitions import SHOWN
from app.panels.links import aria, chip, go
from app.panels.review import accepting
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata.explaining import PAGE, Explanation

MOST_TEXT = 4_000
"""Characters of a statement that the page shows; the whole of it is a file."""


def why(view: View, indicator: str, name: str = "") -> Tag:
    """The small link beside a number that opens it.

    Parameters
    ----------
    view : View
        Of the unit that the number is of.
    indicator : str
    name : str
        What it is the number of, for a screen reader.
    """
    said = word("explain.why", view.lang)
    return go(view.explaining(indicator), "?", "why", title=said, **aria(label=f"{said} {name}".strip()))


def explain(outlook: Outlook) -> list[Any]:
    """Everything that stands behind the number in view; nothing where none is open."""
    found, view = outlook.explained, outlook.view
    if found is None or view.explain is None:
        return []
    close = go(view.unexplained(), "×", "row-close", title=word("explain.close", view.lang), **aria(label=word("explain.close", view.lang)))
    return [
        html.Header([html.Span(word("explain", view.lang)), html.Span(found.unit.name, className="chip"), close]),
        *_number(outlook, found),
        *accepting(outlook, found.name, found.definition, found.unit.code),
        html.Dl(_facts(found, view.lang, view.day is not None), className="explain-facts"),
        *_loads(found, view.lang),
        *_rows(view, found),
        *_statement(view, found),
    ]


def _number(outlook: Outlook, found: Explanation) -> list[Any]:
    view, declared = outlook.view, found.declared
    number, sign = printed(found.figure.value, declared, view.lang)
    value = [html.B(number), html.Small(sign)] if found.figure.value is not None else [html.B(word("explain.none", view.lang))]
    chips = [chip(view.defining(each), word(f"definition.{each}", view.lang), each == found.definition, declared.reading(each).says[view.lang])
             for each in sorted(declared.definitions, key=SHOWN.index)]
    return [
        html.H2(declared.title[view.lang]),
        html.Div([html.Span(value, className="explain-value"), html.Span(_of(found, view.lang), className="explain-of"),
                  html.Nav(chips if len(chips) > 1 else [], className="levels")], className="explain-number"),
        html.P([html.Span(each) for each in _when(found, view.lang)], className="explain-when"),
        html.P(_checked(found, view.lang), className="explain-checked same" if found.same else "explain-checked other"),
    ]


def _of(found: Explanation, lang: str) -> str:
    figure = found.figure
    if figure.value is None:
        return found.reason[lang] if found.reason else ""
    if figure.denominator is None:
        return ""
    return word("explain.of", lang, numerator=amount(figure.numerator), denominator=amount(figure.denominator))


def amount(value: float | None) -> str:
    """A count without decimals, an amount with as many as matter."""
    return "—" if value is None else whole(value) if float(value).is_integer() or abs(value) >= 1e5 else f"{value:,.2f}"


def _when(found: Explanation, lang: str) -> list[str]:
    said = [word("explain.day", lang, day=found.figure.day)] if found.figure.day else []
    return said + ([word("explain.computed", lang, time=f"{found.computed.astimezone():%Y-%m-%d %H:%M}")] if found.computed else [])


def _checked(found: Explanation, lang: str) -> str:
    same, other = ("explain.again", "explain.other") if found.ran else ("explain.sum", "explain.sum.other")
    if found.same:
        return "✓ " + word(same, lang) if found.figure.value is not None else ""
    return "! " + word(other, lang, value="".join(printed(found.again[2], found.declared, lang)))


def _facts(found: Explanation, lang: str, past: bool) -> list[Tag]:
    facts = [("explain.says", found.declared.reading(found.definition).says[lang]), ("explain.formula", found.formula[lang])]
    facts += [(f"explain.{name}", each[lang]) for name, each in found.filters.items()]
    if found.statement.sights:
        said = word("explain.sights.says", lang, n=whole(found.statement.sights), assumed=whole(found.statement.assumed))
        facts.append(("explain.sights", said))
    if past:
        facts.append(("explain.day.of", word("explain.past", lang)))
    return [html.Div([html.Dt(word(name, lang)), html.Dd(said)]) for name, said in facts]


def _loads(found: Explanation, lang: str) -> list[Any]:
    lines = [html.Li([html.Span(word("explain.load", lang, id=each.id)), html.Span(each.file, className="explain-file"),
                      html.Span(each.as_of.isoformat()), html.Span(word("explain.load.rows", lang, n=whole(found.rows.loads[each.id])))])
             for each in found.loads]
    return [html.H3(word("explain.loads", lang)), html.Ul(lines, className="explain-loads")] if lines else []


def _rows(view: View, found: Explanation) -> list[Any]:
    lang, (name, which, page) = view.lang, view.explain or ("", "all", 1)
    counts = {"all": found.rows.total, "counted": found.rows.counted, "rest": found.rows.total - found.rows.counted}
    words = {"all": "explain.all", "counted": "explain.yes", "rest": "explain.rest"}
    tabs = [chip(view.explaining(name, each), word(words[each], lang, n=whole(counts[each])), each == which) for each in counts]
    files = [html.A(kind.upper(), href=f"/explain.{kind}?of={quote(view.to_url(), safe='')}", className="plain-link", download="")
             for kind in ("xlsx", "csv")]
    shown = found.rows.shown[:PAGE] if page == 1 else found.rows.shown
    body = [html.Table([_heading(found, lang), html.Tbody([_row(view, each) for each in shown])], className="explain-rows")] if shown else [
        html.P(word("explain.nothing", lang), className="quiet")]
    return [
        html.H3([word("explain.rows", lang), html.Small(files)]), html.Nav(tabs, className="levels explain-tabs"),
        *([html.P(word("explain.added", lang), className="quiet")] if found.statement.added_up else []),
        html.P(word("explain.marks", lang), className="quiet"), *body, *_pages(view, counts[which], page),
    ]


def _heading(found: Explanation, lang: str) -> Tag:
    names = ["", "explain.name", "explain.file", "explain.adds", "explain.by" if found.statement.sights else ""]
    return html.Thead(html.Tr([html.Th(word(each, lang) if each else "") for each in names]))


def _row(view: View, row: Any) -> Tag:
    lang = view.lang
    theme = layers.themes()[row["theme"]]
    unit = theme.rung is not None and row["key"] == row["unit"]
    there = view.entered(row["key"]) if unit else view.picked(row["theme"], row["key"])
    line = "explain.load.of" if theme.left_by else "explain.line"  # what is worked out stands in no line of a file
    file = word(line, lang, load=row["load_id"], row=row["row_no"]) if row["load_id"] else ""
    parts = [amount(each) for each in (row["n"], row["d"]) if each is not None]
    by = "" if row["seen_by"] is None else whole(row["seen_by"])
    return html.Tr([
        html.Td(html.I(className="mark-dot counted" if row["counted"] else "mark-dot rest")), html.Td(go(there, row["title"], "plain-link")),
        html.Td(file), html.Td(" / ".join(parts), className="num"), html.Td(by, className="num"),
    ])


def _pages(view: View, n: int, page: int) -> list[Any]:
    pages, (name, which, _) = max(-(-n // PAGE), 1), view.explain or ("", "all", 1)
    if pages == 1:
        return []
    before = [go(view.explaining(name, which, page - 1), word("explain.before", view.lang), "plain-link")] if page > 1 else []
    after = [go(view.explaining(name, which, page + 1), word("explain.next", view.lang), "plain-link")] if page < pages else []
    return [html.Nav([*before, html.Span(word("explain.page", view.lang, page=page, pages=pages)), *after], className="explain-pages")]


def _statement(view: View, found: Explanation) -> list[Any]:
    sql, lang = found.statement.number, view.lang
    # Sectors written out stand first; what is asked of them, last.
    cut = sql if len(sql) <= MOST_TEXT else f"{sql[: MOST_TEXT // 2]}\n{word('explain.sql.cut', lang, n=whole(len(sql) - MOST_TEXT))}\n{sql[-MOST_TEXT // 2 :]}"
    whole_ = html.A(word("explain.sql.whole", lang), href=f"/explain.sql?of={quote(view.to_url(), safe='')}", className="plain-link", download="")
    return [html.Details([html.Summary(word("explain.sql", lang)), whole_, html.Pre(cut, className="explain-sql")])]
