"""Small pages beside the map, without Dash: words and one script, in the colours of the wall."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from fastapi import Response

from app.palette import WALL
from layers._text import Text

_STYLE = f"""
:root {{ color-scheme: dark; }} * {{ box-sizing: border-box; }}
body {{ margin: 0; min-height: 100vh; background: {WALL.surface}; color: {WALL.ink}; font: clamp(16px, min(1vw, 1.7vh), 44px)/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }}
main {{ padding: 1.2em 2vw; }} main[data-name=remote] {{ max-width: 26em; margin: 0 auto; padding-top: max(1.2em, 7vh); }} h1 {{ font-size: 1.5em; margin: 0 0 .2em; }} p {{ margin: .2em 0; color: {WALL.ink_quiet}; }}
ul {{ list-style: none; margin: 1em 0; padding: 0; display: grid; gap: .5em; grid-template-columns: repeat(auto-fill, minmax(min(100%, 44em), 1fr)); }}
li {{ background: {WALL.panel}; border: 1px solid {WALL.line}; border-left: .4em solid {WALL.quiet}; border-radius: .4em; padding: .6em .9em; display: grid; grid-template-columns: 2.6em 14em 1fr; gap: .2em 1em; align-items: baseline; }}
li.good {{ border-left-color: {WALL.good}; }} li.watch {{ border-left-color: {WALL.watch}; }} li.bad {{ border-left-color: {WALL.bad}; }}
li b {{ font-weight: 600; }} li .state {{ font-weight: 700; }} .good .state {{ color: {WALL.good}; }} .watch .state {{ color: {WALL.watch}; }} .bad .state {{ color: {WALL.bad}; }}
li small {{ grid-column: 3; color: {WALL.ink_quiet}; font-size: .9em; }} .sum {{ font-size: 1.2em; font-weight: 700; }} .sum.good {{ color: {WALL.good}; }} .sum.bad {{ color: {WALL.bad}; }} .sum.watch {{ color: {WALL.watch}; }}
.keys {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: .7em; margin: 1em 0; }}
button, input {{ font: inherit; color: {WALL.ink}; background: {WALL.panel}; border: 1px solid {WALL.line}; border-radius: .6em; padding: .9em .4em; min-height: 3.4em; }}
button {{ cursor: pointer; }} button:active, button.on {{ background: {WALL.accent}; color: {WALL.accent_ink}; }} button.wide {{ grid-column: span 3; }}
input {{ width: 100%; text-align: center; font-size: 2em; letter-spacing: .3em; min-height: 2em; margin: .5em 0 .25em; font-weight: 700; font-variant-numeric: tabular-nums; caret-color: {WALL.accent}; }}
input:focus-visible {{ outline: 2px solid {WALL.accent}; outline-offset: 1px; border-color: transparent; }}
form button {{ display: block; width: 100%; background: {WALL.accent}; color: {WALL.accent_ink}; border-color: transparent; font-weight: 700; font-size: 1.1em; }} form button:active {{ filter: brightness(.85); }} [hidden] {{ display: none !important; }}
@media (max-width: 700px) {{ li {{ grid-template-columns: 2.6em 1fr; }} li span:nth-of-type(2), li small {{ grid-column: 1 / -1; }} }}
"""


def plain_page(name: str, title: Text, words: dict[str, str], lang: str, body: str = "") -> Response:
    """A page whose script is /NAME.js.

    Parameters
    ----------
    name : str
    title : Text
    words : dict of str to str
        What the script says, by name; it finds them in the page's data.
    lang : {'zh', 'en'}
    body : str
        HTML of ours inside the main part.
    """
    said = escape(json.dumps(words, ensure_ascii=False))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title[lang])}</title>'
    made = f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head>{head}<style>{_STYLE}</style></head>'
    made += f'<body><main data-name="{name}" data-lang="{lang}" data-words="{said}"><h1>{escape(title[lang])}</h1>{body}</main><script src="/{name}.js"></script></body></html>'
    return Response(made, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


def script(file: Path) -> Response:
    """A script of ours."""
    return Response(file.read_bytes(), media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
