"""The routes of /data: who may come in, what is taken, what is refused and in which words; what came from files stays text."""

from __future__ import annotations

import errno
import json
import tomllib
from dataclasses import replace

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.errors import GateError
from app.gate import recipe, sentences
from app.gate import uploads as receiving
from app.gate.markup import text_of
from app.gate.routes import gate
from app.gate.uploads import Uploads
from app.tags import html
from geodata import jobs, tables, uploads
from geodata.door import Door
from geodata.operators import Operators
from geodata.settings import settings
from geodata.uploads import safe_name, stem_of
from tests.app.asked import Browser

ORDER = {"X-OneMap": "1"}


@pytest.fixture(scope="module")
def store(new_database):
    engine = new_database("gate")
    tables.create_all(engine)
    return engine


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def client(store, home):
    return made(store, home)


def made(store, home, client=("127.0.0.1", 1), **more):
    server = FastAPI()
    server.include_router(gate(Door(store), replace(settings(), home=home, **more)))
    return Browser(server, client)


def said(answer):
    return answer.json()["problem"]["en"]


def send(client, name="点位.csv", content=b"a,b\n1,2\n", more=()):
    files = [[name, len(content)], *([each, 1] for each in more)]
    return client.post("/data/uploads", json={"files": files}, headers=ORDER)


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "10.0.0.7"}, {"Forwarded": "for=10.0.0.7"}, {"Host": "evil.example"}])
def test_without_operators_only_this_machine_comes_in(client, headers):
    answer = client.get("/data/part", headers=headers)
    assert answer.status_code == (403 if headers else 200)
    if headers:
        assert said(answer) == "/data: it is open to the server itself only; run ./onemap operator add NAME there, then log in here."


def test_another_machine_is_told_what_to_do(store, home):
    away = made(store, home, client=("10.0.0.7", 1))
    assert away.get("/data").status_code == 403
    assert "./onemap operator add 姓名" in away.get("/data").text


ROUTES = [("GET", "/data/part"), ("GET", "/data/ground.json"), ("GET", "/data/jobs/1/report.json"), ("GET", "/data/jobs/1/dots.json"), ("GET", "/data/loads/1/dots.json"),
          ("GET", "/data/jobs/1/report.html"), ("GET", "/data/jobs/1/file"), ("POST", "/data/uploads"), ("POST", "/data/uploads/0011223344556677/files/a.csv"),
          ("POST", "/data/uploads/0011223344556677/recipe"), ("POST", "/data/jobs"), ("POST", "/data/jobs/1/cancel")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_is_closed_to_who_has_not_logged_in(client, home, method, path):
    Operators(home).put("li", "long enough")
    assert client.request(method, path, headers=ORDER).status_code == 401


def test_no_route_is_without_a_test_of_its_lock(store, home):
    listed = {(method, route.path) for route in gate(Door(store), replace(settings(), home=home)).routes for method in route.methods}
    open_to_all = {("GET", "/data"), ("GET", "/data/static/{stamp}/{name}"), ("POST", "/data/session")}
    assert len(listed - open_to_all) == len(ROUTES) - 1, "report.html and file are one route"


def test_logging_in_and_out(client, home):
    Operators(home).put("li", "long enough")
    assert 'id="login"' in client.get("/data").text
    wrong = client.post("/data/session", json={"name": "li", "password": "wrong one"}, headers=ORDER)
    assert (wrong.status_code, said(wrong)) == (401, "login: name or password is wrong; try again.")
    right = client.post("/data/session", json={"name": "li", "password": "long enough"}, headers=ORDER)
    cookie = right.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/data"))
    assert client.get("/data/part").status_code == 200
    assert "li" in client.get("/data").text
    client.post("/data/session", json={}, headers=ORDER)
    assert client.get("/data/part").status_code == 401


@pytest.mark.parametrize("headers", [
    {}, {**ORDER, "Origin": "http://evil.example"}, {**ORDER, "Sec-Fetch-Site": "cross-site"}, {**ORDER, "Sec-Fetch-Site": "same-site"},
])
@pytest.mark.parametrize(("method", "path"), [each for each in ROUTES if each[0] == "POST"] + [("POST", "/data/session")])
def test_another_site_orders_nothing(client, headers, method, path):
    answer = client.request(method, path, headers=headers, json={})
    assert (answer.status_code, said(answer)) == (403, "request: another site made it; use the page itself.")


# --- what comes ------------------------------------------------------------------------------------------------------


def test_a_file_comes_into_a_folder_of_its_own(client, home):
    room = send(client).json()["files"][0]
    answer = client.post(f"/data/uploads/{room['upload']}/files/{room['name']}?modified=1700000000000", content=b"a,b\n1,2\n", headers=ORDER)
    assert answer.json() == {"bytes": 8}
    file = home / uploads.FOLDER / room["upload"] / "files" / "点位.csv"
    assert file.read_bytes() == b"a,b\n1,2\n" and file.stat().st_mtime == 1_700_000_000


def test_parts_of_a_shapefile_come_together_and_others_apart(client, home):
    names = ["村.shp", "村.dbf", "村.shp.xml", "村.toml", "点位.csv", "礼堂_2025-11.xlsx", "礼堂.toml"]
    rooms = client.post("/data/uploads", json={"files": [[each, 1] for each in names]}, headers=ORDER).json()["files"]
    of = [each["upload"] for each in rooms]
    assert of[0] == of[1] == of[2] == of[3] and of[5] == of[6] and len(set(of)) == 3
    for room in rooms:
        client.post(f"/data/uploads/{room['upload']}/files/{room['name']}", content=b"x", headers=ORDER)
    here = home / uploads.FOLDER / of[0] / "files"
    assert {str(each.relative_to(here)) for each in here.rglob("*") if each.is_file()} == {"村/村.shp", "村/村.dbf", "村/村.shp.xml", "村.toml"}
    at = Uploads(home, 100).at(of[0])
    assert (at.file, at.name, at.recipe) == (here / "村", "村.shp", here / "村.toml")


@pytest.mark.parametrize(("names", "status", "words"), [
    ([], 400, "upload: one to 60 files at a time; send fewer."),
    (["a.toml"], 400, "a.toml: it is a recipe without a file; send both."),
])
def test_what_is_no_upload(client, names, status, words):
    answer = client.post("/data/uploads", json={"files": [[each, 1] for each in names]}, headers=ORDER)
    assert (answer.status_code, said(answer)) == (status, words)


def test_too_large_is_said_before_and_while_it_comes(store, home):
    client = made(store, home, upload_limit=1)
    early = client.post("/data/uploads", json={"files": [["a.csv", 5 * 2**20]]}, headers=ORDER)
    assert (early.status_code, said(early)) == (413, "upload: 5 MB are more than the limit of 1 MB; send less, or use ./onemap load on the server.")
    room = send(client, "a.csv").json()["files"][0]  # and then sends more than it said
    late = client.post(f"/data/uploads/{room['upload']}/files/a.csv", content=b"x" * (2**20 + 1), headers=ORDER)
    assert (late.status_code, said(late)) == (413, "upload: it is larger than the limit; send less.")
    assert not any((home / uploads.FOLDER / room["upload"] / "files").iterdir())


def test_a_full_disk_is_a_sentence_and_leaves_nothing(client, home, monkeypatch):
    room = send(client, "a.csv").json()["files"][0]

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(receiving.os, "fsync", full)
    answer = client.post(f"/data/uploads/{room['upload']}/files/a.csv", content=b"a" * 4096, headers=ORDER)
    assert (answer.status_code, said(answer)) == (507, "upload: the server's disk is full and nothing was kept; free some space.")
    assert not any((home / uploads.FOLDER / room["upload"] / "files").iterdir())
    monkeypatch.setattr(receiving.shutil, "disk_usage", lambda _path: type("U", (), {"free": 1000}))
    assert send(client).status_code == 507


@pytest.mark.parametrize(("name", "safe"), [
    ("../../etc/passwd", "passwd"), ("C:\\data\\点位.xlsx", "点位.xlsx"), ("..", "file"), (".hidden", "hidden"), ("a\x00b\n.csv", "ab.csv"),
    ("-rf.csv", "rf.csv"), ("~root.zip", "root.zip"), ("<img src=x>.csv", "<img src=x>.csv"), ("\u202efdp.csv", "fdp.csv"),
])
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name):
    safe = safe_name(name)
    assert safe and "/" not in safe and "\\" not in safe and safe not in (".", "..") and not safe.startswith((".", "-", "~"))
    assert len(safe.encode()) <= 250 and safe == safe_name(safe)
    assert stem_of(safe)


@pytest.mark.parametrize("number", ["..", "../..", "%2e%2e", "0011223344556677", "x" * 16])
def test_no_number_leads_out_of_the_folder(client, number):
    assert client.get("/data/part", params={"upload": number}).status_code == 404


# --- what is ordered -------------------------------------------------------------------------------------------------


def ordered(client, store, **asked):
    answer = client.post("/data/jobs", json=asked, headers=ORDER)
    assert answer.status_code == 200, answer.text
    return Door(store).ask(lambda reader: jobs.one(reader, answer.json()["job"]))


def test_an_order_is_what_one_could_have_typed(client, store, home):
    room = send(client).json()["files"][0]["upload"]
    file = str(home / uploads.FOLDER / room / "files" / "点位.csv")
    assert ordered(client, store, verb="guess", upload=room, theme="halls").words == [file, "--theme=halls", "--json"]
    job = ordered(client, store, verb="load", upload=room, rehearsal=7, as_of="2025-11-30", note="--cascade")
    assert [each for each in job.words if not each.startswith(("--html=", "--operator="))] == [file, "--as-of=2025-11-30", "--rehearsal=7", "--reason=--cascade", "--json"]
    assert (job.about, job.note, job.upload, job.origin, job.state) == ("点位.csv", "--cascade", room, "page", "waiting")
    back = ordered(client, store, verb="rollback", load=3, cascade="yes")
    assert back.words[:2] == ["3", "--cascade"] and back.words[-1] == "--json"
    assert ordered(client, store, verb="set-aside", what="cameras", form="xlsx").words[0] == "cameras"


@pytest.mark.parametrize("asked", [
    {}, {"verb": "demo"}, {"verb": "rollback", "load": "1; DROP"}, {"verb": "rollback", "load": -1}, {"verb": "set-aside", "what": "cameras", "form": "exe"},
    {"verb": "set-aside", "what": "../x", "form": "csv"}, {"verb": "set-aside", "what": "１", "form": "csv"},
])
def test_other_orders_are_refused(client, asked):
    answer = client.post("/data/jobs", json=asked, headers=ORDER)
    assert answer.status_code == 400 and said(answer).endswith("cannot be used; use the page itself.")


def test_no_theme_and_no_day_that_there_is_not(client):
    room = send(client).json()["files"][0]["upload"]
    for more in ({"theme": "temples"}, {"as_of": "tomorrow"}):
        assert client.post("/data/jobs", json={"verb": "check", "upload": room, **more}, headers=ORDER).status_code == 400


def test_the_form_becomes_the_recipe_and_a_check(client, store, home):
    room = send(client).json()["files"][0]["upload"]
    form = {"theme": "halls", "source": "礼堂", "as_of": "", "fields": {"code": "编 号"}, "values": {"state": {"开\"着": "open"}}, "more": 'sheet = "*"\n', "header_row": "3"}
    form["more"] = "top = true\n"
    assert client.post(f"/data/uploads/{room}/recipe", json=form, headers=ORDER).status_code == 200
    kept = tomllib.loads((home / uploads.FOLDER / room / "files" / "点位.csv.toml").read_text())
    assert kept == {"theme": "halls", "source": "礼堂", "header_row": 3, "fields": {"code": "编 号"}, "values": {"state": {"开\"着": "open"}}, "top": True}
    broken = client.post(f"/data/uploads/{room}/recipe", json=form | {"more": "top = "}, headers=ORDER)
    assert broken.status_code == 400 and said(broken).startswith("more of the recipe: it is no TOML (")
    twice = client.post(f"/data/uploads/{room}/recipe", json=form | {"more": 'crs = "GCJ-02"\ntheme = "units"'}, headers=ORDER)
    assert said(twice) == "more of the recipe: crs stands in the form; leave it out."


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(words, st.booleans(), st.integers(-(2**60), 2**60), st.lists(words, max_size=3))


@given(st.dictionaries(words, st.one_of(values, st.dictionaries(words, st.one_of(values, st.dictionaries(words, values, min_size=1)), min_size=1))))
def test_a_recipe_written_is_the_recipe_read(tmp_path_factory, said):
    assert tomllib.loads(recipe.text(said)) == said


# --- what is shown ---------------------------------------------------------------------------------------------------


@given(st.text())
def test_what_comes_from_a_file_is_text(content):
    made = text_of(html.Td([html.Code(content)], title=content))
    assert made.count("<") == 4 and made.count(">") == 4


def test_no_address_leads_elsewhere():
    with pytest.raises(ValueError, match="an address of our own"):
        text_of(html.A("x", href="javascript:alert(1)"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("search", ["", "tab=jobs", "tab=loads", "tab=loads&back=5", "tab=loads&load=5", "tab=loads&of=halls&key=1", "tab=aside", "tab=nothing"])
def test_every_list_stands_on_an_empty_store(client, lang, search):
    answer = client.get(f"/data/part?{search}&lang={lang}")
    assert answer.status_code == 200 and all(answer.json()["sections"].values())


def test_refusals_of_the_command_line_in_chinese():
    said = "/home/x/点位.csv: its data are of 2025-01-31, older than load 5 of 2025-11-30 in source 'cameras'; bring newer data, give --as-of, or name another source in the recipe."
    assert sentences.both(said)[0] == "点位.csv：数据日期 2025-01-31，早于来源 'cameras' 第 5 批的 2025-11-30；请用更新的数据，或改数据日期、来源名称。"
    assert sentences.both("load 3: load 7 took it back already; roll back load 7 to have it again.")[0] == "第 3 批：已被第 7 批撤回；如需恢复，请回滚第 7 批。"
    assert sentences.both("a: b; c.") == ("a: b; c.", "a: b; c.")


def test_a_gate_error_is_one_sentence_of_three_parts():
    problem = GateError(404, "上传：没有；请重发。", "upload: there is none; send it again.")
    assert str(problem) == "upload: there is none; send it again." and json.dumps(problem.says.zh)
