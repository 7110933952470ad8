"""No key is missing, no page mixes its languages."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from app.words import WORDS, map_words, word

APP = Path(__file__).parents[2] / "app"
HAN = re.compile(r"[\u3400-\u9fff]")
ITSELF = {"to.other", "to.other.says"}  # a language is offered in its own words


def asked():
    """Every key that a module asks for by its literal name."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("word", "_problem") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and path.name != "view.py":
                    yield first.value


def test_every_key_that_is_asked_for_exists():
    assert set(asked()) <= set(WORDS)


def test_every_word_is_asked_for():
    built = {"met", "near", "missed", "none", "to.wall", "to.desk", "to.board", "switch.on", "switch.off", "map", "yes", "no"}
    built |= {key for key in WORDS if key.startswith(("map.", "classes.", "heat.", "sight.", "seen.", "event.", "explain.", "age.", "key.", "look.", "state.", "status.", "about.", "rule.", "every.", "due.", "file.", "definition.", "register.")) and key not in ("heat.title", "seen.title")}
    built |= {"seen", "blind", "audit", "reach", "board.worst", "board.worst.pooled"}
    assert sorted(set(WORDS) - set(asked()) - built) == []


@pytest.mark.parametrize("key", sorted(set(WORDS) - ITSELF))
def test_each_language_speaks_for_itself(key):
    assert not HAN.search(WORDS[key].en)
    assert WORDS[key].zh


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_have_the_same_places(key):
    places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (WORDS[key].zh, WORDS[key].en)]
    assert places[0] == places[1]


def test_places_are_filled():
    assert word("search.none", "en", text="x") == "Nothing is called “x”"
    assert word("search.none", "zh", text="x") == "没有找到“x”"


def test_the_map_has_its_sentences():
    assert set(map_words("en")) == {"map", "library", "webgl", "tiles", "lost"}
