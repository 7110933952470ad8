"""nginx before the app, with the configuration that is handed out: what it keeps, and that it is right after a publish."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from sqlalchemy import Engine, text

from app import create_app
from geodata.door import Door
from geodata.settings import REPOSITORY, settings
from tests.app.bare_map import served
from tests.app.test_serving import _free_port, reading, serving
from tests.geodata.replicated import eventually, replicated
from tests.small_city import lay

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
PLACE = "8/216/105"

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here (apt-get install nginx)")


@dataclass
class Before:
    """nginx and the app behind it."""

    port: int
    asked: list[str] = field(default_factory=list)  # paths that reached the app

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer, answer.read()


def _configuration(folder: Path, app: int, port: int) -> str:
    ours = (REPOSITORY / "app/deploy/nginx.conf").read_text()
    for theirs, here in (("127.0.0.1:8050", f"127.0.0.1:{app}"), ("listen 8080", f"listen 127.0.0.1:{port}"),
                         ("/var/cache/nginx/onemap", f"{folder}/cache")):
        assert theirs in ours
        ours = ours.replace(theirs, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    rooms = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    return f"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{ access_log off;\n{rooms}{ours}}}\n"


@contextmanager
def nginx(app: int) -> Iterator[Before]:
    """nginx before an app that listens on a port."""
    made, folder = Before(_free_port()), Path(tempfile.mkdtemp(prefix="onemap-nginx-"))
    folder.chmod(0o777)  # its workers are not root
    (folder / "nginx.conf").write_text(_configuration(folder, app, made.port))
    command = [NGINX, "-c", folder / "nginx.conf", "-p", folder, "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _answers(made))
        yield made
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def before(store: Engine) -> Iterator[Before]:
    app, asked = create_app(Door(lay(store)), settings()), list[str]()

    async def server(scope, receive, send):
        if scope["type"] == "http":
            asked.append(scope["path"])
        await app(scope, receive, send)

    with served(server) as url, nginx(urlsplit(url).port) as made:
        asked.clear()
        made.asked = asked
        yield made


def _answers(made: Before) -> bool:
    try:
        return made.get("/health")[0].status == 200
    except OSError:
        return False


def test_a_tile_reaches_the_app_once(before: Before):
    path = f"/tiles/county/1000000/{PLACE}.pbf"
    said = [before.get(path, Accept_Encoding=each) for each in ("gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8")]
    assert [answer.headers["X-Cache"] for answer, _ in said] == ["MISS", "HIT", "HIT"]
    assert before.asked == [path]
    assert len({body for _, body in said}) == 1
    assert {feature["id"] for feature in mapbox_vector_tile.decode(gzip.decompress(said[2][1]))["area"]["features"]} == {2, 3}
    answer, plain = before.get(path)
    assert answer.headers["Content-Encoding"] is None and plain == gzip.decompress(said[0][1])
    answer, nothing = before.get(path, Accept_Encoding="gzip", If_None_Match=said[0][0].headers["ETag"])
    assert (answer.status, nothing) == (304, b"")
    assert before.asked == [path]


def test_an_empty_tile_is_kept_too(before: Before):
    said = [before.get("/tiles/county/1000000/8/0/0.pbf")[0] for _ in range(2)]
    assert [(answer.status, answer.headers["X-Cache"]) for answer in said] == [(204, "MISS"), (204, "HIT")]


def test_it_is_right_after_a_publish_without_being_told(before: Before, store: Engine):
    old, new = (f"/tiles/cameras/{number}000000/{PLACE}.pbf" for number in (2, 3))
    kept = before.get(old)[1]
    with store.begin() as connection:
        connection.execute(text("DELETE FROM onemap.cameras WHERE key < 'c5'"))
        connection.execute(text("UPDATE onemap.versions SET version = 3 WHERE theme = 'cameras'"))
        connection.execute(text("DELETE FROM onemap.cells"))
    answer, fresh = before.get(new)
    assert (answer.status, answer.headers["X-Cache"]) == (204, "MISS") and fresh == b""
    assert before.get(old)[1] == kept, "who still shows the old picture gets all of it"
    assert before.asked == [old, new]


def test_what_is_not_for_ever_is_asked_each_time(before: Before):
    early, wrong = f"/tiles/county/1/{PLACE}.pbf", "/tiles/county/1000000/99/0/0.pbf"
    for path, status in ((early, 200), (wrong, 404), ("/health", 200)):
        assert [before.get(path)[0].status for _ in range(2)] == [status] * 2
    assert before.asked == [early] * 2 + [wrong] * 2 + ["/health"] * 2


def test_many_who_want_the_same_tile_ask_the_app_once(before: Before):
    path = f"/tiles/cameras/2000000/{PLACE}.pbf"
    readers = [threading.Thread(target=before.get, args=(path,)) for _ in range(12)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert before.asked == [path]


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_readers_behind_nginx_nothing():
    with replicated(0) as (primary, _), serving(primary.url().render_as_string()) as app, nginx(app.port) as made:
        through = replace(app, port=made.port)
        with reading(through, 12) as met:
            for _ in range(3):
                time.sleep(1)
                workers = app.workers()
                os.kill(min(workers), signal.SIGKILL)
                eventually(lambda workers=workers: len(app.workers() - workers) == 1 and app.well(), 90)
    assert {status for each in met for _, status in each} <= {200, 204}
