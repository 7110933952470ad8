"""What leaves the server: methods, headers, size; and what starting it refuses."""

import gzip
import re
import socket
from base64 import b64encode
from hashlib import sha256

import pytest
import requests

from app import create_app
from app.__main__ import check_port, greeting, main, parser
from app.errors import ServeError
from geodata.settings import settings
from tests.app.bare_map import served
from tests.app.stood import door  # noqa: F401

SUITE = "/_dash-component-suites/dash/dcc/dash_core_components-shared.js"


class Client(requests.Session):
    """Asks one server by path."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def request(self, method, path, **more):
        return super().request(method, self.url + path, **more)


@pytest.fixture(scope="module")
def client(door):  # noqa: F811
    with served(create_app(door, settings())) as url:
        yield Client(url.rstrip("/"))


@pytest.mark.parametrize("path", ["/wall", "/", "/wall/?unit=1"])
def test_every_page_is_the_same_document_even_when_it_is_the_first(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "walk.js" in answer.text and "3-wall.css" in answer.text
    assert "http" not in answer.text.replace("http-equiv", "").replace("https:\\u002f\\u002fdash-version", "")


def test_the_page_may_ask_this_host_only(client):
    headers = client.get("/").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["worker-src"] == "'self' blob:"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_document_asks_its_first_question_before_any_other_script_is_read(client):
    answer = client.get("/?lang=en")
    first = re.search(r"<script>(.*?)</script>", answer.text, re.DOTALL)[1]
    assert 'fetch("/answer"' in first and answer.text.index(first) < answer.text.index("<script src=")
    said = b64encode(sha256(first.encode()).digest()).decode()
    assert f"'sha256-{said}'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client, method):
    answer = client.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_what_is_large_travels_compressed(client):
    packed = client.get(SUITE)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(packed.content) / 2
    plain = client.get(SUITE, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content


def test_what_is_compressed_already_is_left_alone(client):
    answer = client.get("/vendor/5.24.0/maplibre-gl.css")
    assert answer.headers["content-encoding"] == "gzip"
    assert b"maplibregl" in answer.content
    assert not answer.content.startswith(gzip.compress(b"")[:2])


def test_an_answer_to_the_page_is_small_and_says_what_it_is(client):
    answer = client.post("/answer", json={"asked": {"url": "/", "fly": True, "n": 1}, "known": {}})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) < 20_000
    said = answer.json()
    assert {"map.mapStyle", "map.camera", "card", "doors"} <= set(said["parts"])
    again = client.post("/answer", json={"asked": {"url": "/"}, "known": said["known"]})
    assert again.json()["parts"] == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"asked": 1, "known": {}}', b'{"asked": {}}', b'{"asked": {}, "known": {"shown": 1}}',
             b"[" * 30_000, b'{"asked": {"url": "' + b"x" * 70_000 + b'"}, "known": {}}'],
)
def test_what_is_no_question_is_refused_in_one_sentence(client, body):
    answer = client.post("/answer", data=body)
    assert answer.status_code == 400
    assert answer.json() == {"problem": 'answer: this is no question; send {"asked": {"url": "/"}, "known": {}} as JSON.'}


def test_search_answers_by_dash(client):
    body = {
        "output": "hits.children", "outputs": {"id": "hits", "property": "children"},
        "inputs": [{"id": "sought", "property": "data", "value": {"text": "相机", "url": "/"}}], "changedPropIds": ["sought.data"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert int(answer.headers["content-length"]) < 4000
    assert "相机1" in answer.text or "\\u76f8" in answer.text


def test_health_tells_how_new_the_data_are(client):
    answer = client.get("/health").json()
    assert answer["status"] == "ok"
    assert {"cameras", "ladder"} <= set(answer["versions"])


def test_a_port_in_use_is_refused_in_one_sentence(capsys, monkeypatch, store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 50
    assert capsys.readouterr().err == f"onemap: 127.0.0.1:{port}: the port is in use; stop the other program or give --port.\n"


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("203.0.113.7", "203.0.113.7:8050: this machine has no such address; give --host 127.0.0.1 or 0.0.0.0.")],
)
def test_an_address_of_another_machine_is_refused(host, sentence):
    with pytest.raises(ServeError) as refused:
        check_port(host, 8050)
    assert str(refused.value) == sentence


def test_the_greeting_says_what_to_open():
    assert "http://127.0.0.1:8050/wall" in greeting("0.0.0.0", 8050)


def test_the_command_line_knows_its_options():
    asked = parser().parse_args(["serve", "--port", "9", "--workers", "2"])
    assert (asked.port, asked.workers, asked.host) == (9, 2, None)


def test_colours_of_many_units_have_an_address_that_holds_for_ever(client):
    versions = client.get("/health").json()["versions"]
    now = f"{versions.get('ladder', 0)}.{versions.get('indicators', 0)}"
    answer = client.get("/values", params={"v": now, "of": "/?level=village&indicator=cameras.online"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    said = answer.json()
    assert (said["source"], said["sourceLayer"]) == ("village", "area")
    assert {"v", "c", "t"} == set(next(iter(said["values"].values())))
    old = client.get("/values", params={"v": "1.1", "of": "/?level=village&indicator=cameras.online"})
    assert old.headers["cache-control"] == "no-store"
    assert old.json() == said


def test_colours_of_a_unit_that_does_not_exist_are_those_of_home(client):
    assert client.get("/values", params={"of": "/?unit=9"}).json()["source"] == "town"


def test_colours_of_an_indicator_that_does_not_exist_are_refused(client):
    answer = client.get("/values", params={"of": "/?indicator=cameras.nothing"})
    assert answer.status_code == 404
    assert "cameras.nothing" in answer.json()["problem"]
