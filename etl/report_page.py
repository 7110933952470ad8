"""Pages of a report that need nothing else: no other file, no other host, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from etl.examine import Examined
from etl.pipeline import Report
from etl.rules import by_name
from layers import themes

# More lines than this nobody reads; how many there are is said.
MOST = 500

_STYLE = """body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b2733}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:2px solid #d5dde5}table{border-collapse:collapse;width:100%}
td,th{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #e6ebf0;vertical-align:top}th{color:#55697c;font-weight:600}
td.n{text-align:right;font-variant-numeric:tabular-nums}ul.n{display:flex;gap:1.5rem;flex-wrap:wrap;padding:0;list-style:none}
ul.n b{display:block;font-size:1.5rem}del{color:#a33;text-decoration:none}ins{color:#186a3b;text-decoration:none}.more{color:#55697c}
svg{width:100%;background:#f6f8fa;border:1px solid #d5dde5}path{fill:#fff;stroke:#9fb0c0}.added{fill:#2e9e5b}.changed{fill:#e0912f}.removed{fill:#c83d3d}"""

WORDS = {
    "rows_in": "文件行数 rows in", "added": "新增 new", "changed": "变更 changed", "removed": "移除 gone",
    "good": "可发布 good", "unchanged": "未变 unchanged", "set_aside": "搁置 set aside", "duplicates": "重复 duplicates",
}  # fmt: skip


def document(title: str, parts: Iterable[str]) -> str:
    """A whole page of parts that are HTML already."""
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<body>{''.join(parts)}</body></html>"
    )


def counts(said: Mapping[str, int]) -> str:
    """Large figures side by side."""
    return "<ul class=n>" + "".join(f"<li><b>{n:,}</b>{WORDS[name]}</li>" for name, n in said.items()) + "</ul>"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A titled table; of more than `MOST` lines the first, and how many there are."""
    every = list(rows)
    if not every:
        return ""
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(_cell(each) for each in row) + "</tr>" for row in every[:MOST])
    more = f"<p class=more>… {len(every) - MOST:,} 行未列出 more, see --json</p>" if len(every) > MOST else ""
    return f"<h2>{escape(title)} · {len(every):,}</h2><table><tr>{head}</tr>{body}</table>{more}"


def _cell(value: Any) -> str:
    if isinstance(value, (int, float)):
        return (
            f"<td class=n>{value:,.4g}</td>"
            if isinstance(value, float) and abs(value) < 1e4
            else f"<td class=n>{value:,.0f}</td>"
        )
    return f"<td>{'–' if value is None else escape(str(value))}</td>"


def of_check(done: Examined) -> str:
    """What the rules found in a file, as HTML."""
    theme = done.job.theme
    figures = {"rows_in": done.rows, "good": done.good, "set_aside": done.set_aside, "duplicates": done.duplicates}
    by_rule: dict[str, int] = {}
    for each in done.findings:
        by_rule[each["rule"]] = by_rule.get(each["rule"], 0) + 1
    rules = ((by_name()[name].id, by_name()[name].severity.value, f"{by_name()[name].asks.zh} {by_name()[name].asks.en}", n) for name, n in by_rule.items())
    lines = ((each["row_no"] or "–", each["key"], each["id"], each["reason_zh"], each["reason_en"]) for each in done.findings)
    said = "整个文件不能发布 would be refused" if done.refused else "可以导入 can be loaded"
    return document(f"{done.job.file.name}: 检查 check", (
        f"<h1>{escape(theme.title.zh)} · {escape(done.job.file.name)} · 检查 check</h1>",
        f"<p>数据日期 as of {done.job.as_of} · 来源 source {escape(done.job.recipe.source)} · {escape(done.job.operator)} · {said}</p>",
        counts(figures), table("规则 Rules", ("编号 id", "轻重 severity", "要求 asks", "n"), rules),
        table("问题 Findings", ("行 row", "编码 key", "规则 rule", "原因", "reason"), lines), table("自动处理 Changed on the way", ("", "n"), done.changes.items()),
    ))  # fmt: skip


def of_loads(done: Sequence[Report]) -> str:
    """What became of files that were loaded, as HTML."""
    parts = []
    for each in done:
        load = each.load
        what = f"与第 {load.id} 批相同 unchanged since load {load.id}" if each.unchanged else f"第 {load.id} 批 load {load.id}"
        figures = {name: getattr(load, name) for name in WORDS if hasattr(load, name)}
        parts += [
            f"<h1>{escape(themes()[load.theme].title.zh)} · {escape(load.file)} · {what}</h1>",
            f"<p>数据日期 as of {load.as_of} · 来源 source {escape(load.source)} · {escape(load.operator)} · SHA-256 {load.sha256[:16]}…</p>",
            f"<p>{escape(load.reason)}</p>" if load.reason else "", counts(figures),
            table("搁置 Set aside", ("行 row", "规则 rule", "原因", "reason"), ((one["row_no"], one["rule"], one["reason_zh"], one["reason_en"]) for one in each.aside)),
            table("提醒 Warnings", ("规则 rule", "n"), each.warnings.most_common()), table("自动处理 Changed on the way", ("", "n"), load.changes.items()),
        ]
    return document("导入 load", parts)
