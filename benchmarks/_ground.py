"""The ground of a benchmark: an installation of its own, loaded with the sample of one scale, served on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from geodata.settings import REPOSITORY, settings

ONEMAP = REPOSITORY / "onemap"


def home_of(scale: str) -> Path:
    """The folder of the installation that benchmarks of `scale` use, beside the reader's own."""
    return settings().home / "bench" / scale


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that works on the installation in `home`."""
    inherited = {key: value for key, value in os.environ.items() if key != "ONEMAP_DATABASE_URL"}
    return {**inherited, "ONEMAP_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_served(base: str, seconds: float) -> None:
    """Return when the page and its health answer; TimeoutError after `seconds`.

    Raises
    ------
    TimeoutError
        There is no answer within `seconds`.
    """
    end = time.monotonic() + seconds
    while not (answers(f"{base}/health") and answers(f"{base}/")):
        if time.monotonic() > end:
            raise TimeoutError(f"{base}: no answer within {seconds:.0f} s; look into the log of the server.")
        time.sleep(0.05)


def run(home: Path, *words: str) -> None:
    """Run a module of the house on an installation, in the Python environment of this process."""
    subprocess.run([sys.executable, "-m", *words], cwd=REPOSITORY, env=environment(home), check=True, stdout=sys.stderr)


def load(scale: str) -> Path:
    """The home of an installation that holds the sample of `scale`; made and loaded where it is missing."""
    home = home_of(scale)
    home.mkdir(parents=True, exist_ok=True)
    run(home, "geodata", "store", "start")
    run(home, "geodata", "sample", "--scale", scale)
    run(home, "etl", "demo", "--scale", scale)
    return home


@contextmanager
def running(words: Sequence[str], said: Mapping[str, str], seconds: float = 20) -> Iterator[subprocess.Popen[bytes]]:
    """A process beside the benchmark, in an environment; it has `seconds` to end by itself when it is told to."""
    process = subprocess.Popen(words, cwd=REPOSITORY, env=dict(said), stdout=sys.stderr)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def peer(scale: str, module: str, *words: str) -> Iterator[str]:
    """The address of a peer's page on the sample of `scale`, whose store runs: a module of benchmarks that takes --port."""
    port = free_port()
    with running([sys.executable, "-m", f"benchmarks.{module}", "--port", str(port), *words], environment(home_of(scale))):
        wait_until_served(f"http://127.0.0.1:{port}", 120)
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def served(scale: str) -> Iterator[str]:
    """The address of the map on the sample of `scale`."""
    home, port = load(scale), free_port()
    try:
        with running([sys.executable, "-m", "app", "serve", "--port", str(port)], environment(home)):
            wait_until_served(f"http://127.0.0.1:{port}", 60)
            yield f"http://127.0.0.1:{port}"
    finally:
        run(home, "geodata", "store", "stop")
