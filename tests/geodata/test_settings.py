from pathlib import Path

import pytest

from geodata.errors import SettingError
from geodata.settings import REPOSITORY, read


def refusal(**environ: str) -> str:
    with pytest.raises(SettingError) as caught:
        read(environ)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_what_holds_without_any_variable():
    found = read({})
    assert (found.home, found.host, found.port) == (REPOSITORY / ".onemap", "127.0.0.1", 8050)
    assert found.database_url is None and found.test_database_url is None


def test_an_empty_variable_counts_as_absent():
    assert read({"ONEMAP_PORT": "", "ONEMAP_DATABASE_URL": " ", "ONEMAP_HOST": ""}) == read({})


def test_home_is_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert read({"ONEMAP_HOME": "here"}).home == tmp_path / "here"


def test_home_that_is_a_file(tmp_path):
    file = tmp_path / "file"
    file.touch()
    assert refusal(ONEMAP_HOME=str(file)) == f"ONEMAP_HOME: {file} is a file; name a folder."


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80.5", "８０５０"])
def test_port_that_is_none(text):
    expected = f"ONEMAP_PORT: {text!r} is not a port; give a whole number from 1 to 65535."
    assert refusal(ONEMAP_PORT=text) == expected


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_the_address_is_taken(scheme):
    found = read({"ONEMAP_DATABASE_URL": f"{scheme}://u:p@h:5433/d"}).database_url
    assert found is not None and found.drivername == "postgresql+psycopg2" and found.port == 5433


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("sqlite:///secret", "sqlite is not PostgreSQL"),
        ("secret", "the text is not a database address"),
        ("postgresql://u:secret@h", "the address names no database"),
        ("postgresql://u:secret@h:port/d", "the text is not a database address"),
    ],
)
def test_address_that_is_none_is_refused_without_repeating_it(text, fact):
    said = refusal(ONEMAP_DATABASE_URL=text)
    assert said == f"ONEMAP_DATABASE_URL: {fact}; write postgresql://user:password@host:port/database."
    assert "secret" not in said


def test_password_is_hidden_in_every_text_form():
    found = read({"ONEMAP_DATABASE_URL": "postgresql://u:hunter2@h/d"})
    assert "hunter2" not in f"{found} {found!r} {found.database_url}"


def test_password_comes_from_the_file_of_a_secret(tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text("hunter2\n")
    environ = {"ONEMAP_DATABASE_URL": "postgresql://u@h/d", "ONEMAP_STORE_PASSWORD_FILE": str(file)}
    found = read(environ).database_url
    assert found is not None and found.password == "hunter2"


def test_secret_that_is_not_there(tmp_path: Path):
    file = tmp_path / "absent"
    said = refusal(ONEMAP_DATABASE_URL="postgresql://u@h/d", ONEMAP_STORE_PASSWORD_FILE=str(file))
    expected = f"ONEMAP_STORE_PASSWORD_FILE: {file}: No such file or directory; name a file that this user can read."
    assert said == expected


def test_what_holds_for_serving_without_any_variable():
    found = read({})
    assert 1 <= found.workers <= 4 and (found.connections, found.patience) == (8, 5.0)
    assert (found.replica_urls, found.replica_lag, found.store_followed) == ((), 10.0, False)


def test_replicas_are_a_list_and_take_the_password_of_the_store():
    found = read({"ONEMAP_REPLICA_URLS": " postgresql://u@a/d , postgresql://u:own@b:5433/d,", "ONEMAP_STORE_PASSWORD": "hunter2"})
    assert [(each.host, each.port, each.password) for each in found.replica_urls] == [("a", None, "hunter2"), ("b", 5433, "own")]
    assert "hunter2" not in f"{found}"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("ONEMAP_WORKERS", "0", "ONEMAP_WORKERS: '0' is out of range; give a whole number from 1 to 64."),
        ("ONEMAP_WORKERS", "two", "ONEMAP_WORKERS: 'two' is out of range; give a whole number from 1 to 64."),
        ("ONEMAP_CONNECTIONS", "2", "ONEMAP_CONNECTIONS: '2' is out of range; give a whole number from 3 to 100."),
        ("ONEMAP_PATIENCE", "-1", "ONEMAP_PATIENCE: '-1' is no number of seconds; give a number above 0, at most 3600."),
        ("ONEMAP_PATIENCE", "nan", "ONEMAP_PATIENCE: 'nan' is no number of seconds; give a number above 0, at most 3600."),
        ("ONEMAP_REPLICA_LAG", "x", "ONEMAP_REPLICA_LAG: 'x' is no number of seconds; give a number above 0, at most 3600."),
        ("ONEMAP_STORE_FOLLOWED", "1", "ONEMAP_STORE_FOLLOWED: '1' is no answer; write yes or no."),
        ("ONEMAP_REPLICA_URLS", "mysql://h/d", "ONEMAP_REPLICA_URLS: mysql is not PostgreSQL; write postgresql://user:password@host:port/database."),
    ],
)
def test_what_cannot_be_used_for_serving(name: str, text: str, sentence: str):
    assert refusal(**{name: text}) == sentence
