"""Who may come in: passwords that are kept as hashes only, and tokens that nobody can make up."""

from __future__ import annotations

import io
import stat

import pytest

from geodata import operators
from geodata.__main__ import main
from geodata.errors import SettingError
from geodata.operators import Operators


@pytest.fixture
def known(tmp_path):
    made = Operators(tmp_path)
    made.put("李四", "long enough")
    return made


def test_a_token_for_who_knows_the_password(known):
    token = known.token("李四", "long enough")
    assert known.of_token(token) == "李四"
    assert known.token("李四", "long enouph") is None
    assert known.token("王五", "long enough") is None


def test_a_token_is_worth_nothing_when_it_was_changed_or_the_password_was(known, monkeypatch):
    token = known.token("李四", "long enough")
    body, _, seal = token.partition(".")
    other = "0" if seal[-1] != "0" else "1"
    for forged in ("", "x", f"{body}.", f"{body}.{seal[:-1]}{other}", f"W10=.{seal}", "é.é"):
        assert known.of_token(forged) is None
    monkeypatch.setattr(operators.time, "time", lambda: operators.VALID_S + 10 + __import__("datetime").datetime.now().timestamp())
    assert known.of_token(token) is None
    monkeypatch.undo()
    known.put("李四", "another one")
    assert known.of_token(token) is None
    token = known.token("李四", "another one")
    known.drop("李四")
    assert known.of_token(token) is None and known.names() == []


def test_the_file_holds_no_password_and_is_for_its_owner_only(known, tmp_path):
    file = tmp_path / "gate" / "operators.json"
    assert "long enough" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "password", "words"), [
    ("", "long enough", "operator '': this is no name; use letters, digits, . @ - and blanks, at most 40."),
    ("a<b", "long enough", "operator 'a<b': this is no name; use letters, digits, . @ - and blanks, at most 40."),
    ("a", "short", "operator a: the password is too short; use 8 letters or more."),
])
def test_what_cannot_be_used(tmp_path, name, password, words):
    with pytest.raises(SettingError) as refused:
        Operators(tmp_path).put(name, password)
    assert str(refused.value) == words


def test_on_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(operators, "settings", lambda: type("S", (), {"home": tmp_path}))
    assert main(["operator", "list"]) == 0
    assert capsys.readouterr().out == "nobody yet: the page /data is open to this machine only\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough\n"))
    assert main(["operator", "add", "zhang"]) == 0
    assert capsys.readouterr().out == "operator zhang: may bring data in at /data\n"
    assert Operators(tmp_path).token("zhang", "long enough")
    assert main(["operator", "drop", "wang"]) == 2
    assert capsys.readouterr().err == "onemap: operator wang: there is none of this name; see ./onemap operator list.\n"
