"""Who answers for tiles in a benchmark: our page, tipg over the same tables, nginx in front of us and over plain files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks._ground import answers, environment, free_port, running, wait_until_served
from benchmarks._pressure import program

WORKERS = 2
TIPG = "tipg==1.6.1"

_NGINX = """
daemon off; {user} worker_processes {workers}; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  keepalive_requests 1000000; sendfile on; open_file_cache max=10000;
  types {{ application/vnd.mapbox-vector-tile pbf; }}
  proxy_cache_path {folder}/cache levels=1:2 keys_zone=tiles:16m max_size=1g;
  upstream localhost {{ server {page}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location /files/ {{ root {folder}; add_header Content-Encoding gzip; }}
    location / {{
      proxy_pass http://localhost; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Accept-Encoding gzip; proxy_cache tiles; proxy_cache_key $uri;
    }}
  }}
}}
"""


@contextmanager
def page(home: Path) -> Iterator[str]:
    """The address of our page on an installation whose store runs."""
    port = free_port()
    words = [sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", str(WORKERS)]
    with running(words, environment(home)):
        wait_until_served(f"http://127.0.0.1:{port}", 120)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def tipg(home: Path, socket: str, tables: Sequence[str]) -> Iterator[str | None]:
    """The address of tipg over tables of the store, in an environment of its own; None where it cannot be had."""
    venv, port = home.parent / "tipg", free_port()
    if not (venv / "bin/uvicorn").exists() and not _installed(venv):
        yield None
        return
    said = {
        **os.environ, "DATABASE_URL": f"postgresql://onemap@{quote(socket, safe='')}:5432/onemap", "TIPG_DB_SCHEMAS": '["onemap"]',
        "TIPG_DB_TABLES": "[" + ", ".join(f'"onemap.{each}"' for each in tables) + "]", "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false", "TIPG_CATALOG_TTL": "86400",
    }  # fmt: skip
    words = [str(venv / "bin/uvicorn"), "tipg.main:app", "--port", str(port), "--workers", str(WORKERS), "--log-level", "error", "--no-access-log"]
    with running(words, said):
        base = f"http://127.0.0.1:{port}"
        yield base if _waited(f"{base}/healthz") else None


@contextmanager
def nginx(folder: Path, page: str) -> Iterator[str]:
    """The address of nginx before a page: its own cache of the page's tiles, and plain files under /files/."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    place = {"folder": folder, "port": port, "page": page.removeprefix("http://")}
    config.write_text(_NGINX.format(**place, workers=WORKERS, user="user root;" if os.getuid() == 0 else ""))
    with running([program("nginx"), "-c", str(config), "-p", str(folder)], os.environ):
        wait_until_served(f"http://127.0.0.1:{port}", 30)
        yield f"http://127.0.0.1:{port}"


def _installed(venv: Path) -> bool:
    steps = ([sys.executable, "-m", "venv", str(venv)], [str(venv / "bin/pip"), "install", "-q", TIPG, "uvicorn[standard]"])
    return all(subprocess.run(each, stdout=sys.stderr).returncode == 0 for each in steps)


def _waited(url: str) -> bool:
    try:
        wait_until_answered(url)
    except TimeoutError:
        return False
    return True


def wait_until_answered(url: str, seconds: float = 60) -> None:
    """Return when a GET of `url` is answered with 200; TimeoutError after `seconds`.

    Raises
    ------
    TimeoutError
        There is no answer within `seconds`.
    """
    end = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > end:
            raise TimeoutError(f"{url}: no answer within {seconds:.0f} s; look into the log of the server.")
        time.sleep(0.1)
