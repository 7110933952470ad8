"""The page on which a playlist is written: one line a scene, with its address, seconds, weekdays and hours."""

from __future__ import annotations

import json
from typing import Any

from app.gate.markup import text_of
from app.palette import DESK, css
from app.tags import Tag, html
from layers._text import Text

_SAYS = {
    "title": Text("轮播编辑", "Playlists"),
    "about": Text("大屏按顺序播放这些画面；每行一幕，可改秒数、星期和时段。", "A wall shows these views in turn; one line a scene, with seconds, weekdays and hours."),
    "name": Text("轮播名称", "Name"),
    "view": Text("画面地址", "View"),
    "tour": Text("巡览规则", "Tour"),
    "tour.none": Text("固定画面", "the view itself"),
    "tour.worst": Text("下辖由差到好", "units below, worst first"),
    "tour.change": Text("下辖变化由大到小", "units below, largest change first"),
    "seconds": Text("秒", "Seconds"),
    "days": Text("星期", "Weekdays"),
    "hours": Text("时段", "Hours"),
    "more": Text("加一幕", "Add a scene"),
    "keep": Text("保存", "Save"),
    "play": Text("在大屏播放", "Show on the wall"),
    "kept": Text("已保存", "Saved"),
    "lost": Text("没有保存：连不上服务，请稍后再试。", "Not saved: the server does not answer; try again."),
    "back": Text("返回工作台", "Back to the desk"),
    "operator": Text("操作员 {name}", "Operator {name}"),
}

_STYLE = """body{margin:0;height:100vh;overflow:auto;background:var(--surface);color:var(--ink);font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:1240px;margin:0 auto;padding:28px 32px}h1{font-size:26px;margin:0}header{display:flex;align-items:baseline;gap:18px}header p{color:var(--ink-quiet);margin:0}
header nav{margin-left:auto}a{color:var(--accent)}table{width:100%;border-collapse:collapse;background:var(--panel);border:1px solid var(--line);border-radius:10px;margin:18px 0}
th{text-align:left;font-weight:600;font-size:13px;color:var(--ink-quiet);padding:10px}td{padding:8px 10px;border-top:1px solid var(--line);vertical-align:middle}
input,select,button{font:inherit;color:inherit;border:1px solid var(--line);border-radius:7px;padding:5px 9px;background:var(--surface)}input.view{width:100%;box-sizing:border-box}
input.seconds,input.hour{width:62px}.days label{margin-right:7px;white-space:nowrap}button{cursor:pointer}button.keep{background:var(--accent);color:var(--accent-ink);border-color:var(--accent);font-weight:600;padding:6px 22px}
#says{min-height:1.6em;font-weight:600}.row{display:flex;gap:12px;align-items:center}"""


def page(names: list[str], name: str, scenes: list[Any], add: str, lang: str, operator: str) -> str:
    """The document.

    Parameters
    ----------
    names : list of str
        Every playlist.
    name : str
        Of the one that is written; empty for a new one.
    scenes : list
        As they were written.
    add : str
        Address of a view that becomes the next scene; empty for none.
    lang : str
    operator : str
        Who writes.
    """
    def say(key: str) -> str:
        """Words of the page in its language."""
        return _SAYS[key][lang]

    told = {key: text[lang] for key, text in _SAYS.items()} | {"week": "一二三四五六日" if lang == "zh" else "MTWTFSS"}
    ink = ";".join(f"{key}:{value}" for key, value in css(DESK).items())
    head = html.Head([html.Meta(charset="utf-8"), html.Title(say("title")), html.Link(rel="icon", type="image/svg+xml", href="/assets/mark.svg"),
                      html.Script(src="/data/scenes/scenes.js", defer=True)])
    lists = [html.A(each, href=f"/data/scenes?name={each}&lang={lang}") for each in names]
    body = html.Main([
        html.Header([html.H1(say("title")), html.P(_SAYS["operator"][lang].format(name=operator)), html.Nav([html.A(say("back"), href="/" if lang == "zh" else "/?lang=en")])]),
        html.P(say("about")), html.Div(lists, className="row", id="lists"), _table(say),
        html.Div([html.Label([say("name"), " ", html.Input(id="name", value=name, maxLength=60)]), html.Button(say("more"), id="more", type="button"),
                  html.Button(say("keep"), id="keep", type="button", className="keep"), html.A(say("play"), id="play", href="/wall")], className="row"),
        html.P(id="says", role="status"),
    ], id="scenes", **{"data-scenes": json.dumps(scenes), "data-add": add, "data-words": json.dumps(told)})
    style = f"<style>{_STYLE}</style>"
    made = text_of(html.Html([head, html.Body(body)], lang="zh-CN" if lang == "zh" else "en", style=ink))
    return "<!DOCTYPE html>" + made.replace("</head>", f"{style}</head>", 1)


def _table(say: Any) -> Tag:
    heads = [html.Th(say(key)) for key in ("view", "tour", "seconds", "days", "hours")]
    return html.Table([html.Thead(html.Tr([html.Th("#"), *heads, html.Th("")])), html.Tbody(id="lines")])
