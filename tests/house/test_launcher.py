"""The launcher, in a copy of the house whose Python rooms only say how they were called."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from geodata.settings import REPOSITORY

ROOM = """
import os, sys, time
print("{room}", *sys.argv[1:], flush=True)
if "serve" in sys.argv:
    time.sleep(60)
sys.exit(int(os.environ.get("STUB_EXIT", "0")) if "store" not in sys.argv else 0)
"""

COMMANDS = [
    *("demo", "serve", "stop", "themes", "load", "status", "set-aside", "indicators", "sample", "doctor", "store"),
    *("prepare", "bundle", "test", "check", "bench", "lock"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the launcher, an empty lock and rooms that echo; prepared once."""
    folder = tmp_path_factory.mktemp("house with space")
    shutil.copy(REPOSITORY / "onemap", folder)
    (folder / "requirements.lock").write_text("# nothing\n# --- tests ---\n")
    for room in ("app", "etl", "geodata", "benchmarks"):
        (folder / room).mkdir()
        (folder / room / "__init__.py").touch()
        (folder / room / "__main__.py").write_text(ROOM.format(room=room))
    done = call(folder, "prepare")
    assert done.returncode == 0, done.stderr
    return folder


def outside() -> dict[str, str]:
    """The environment without what the launcher that runs these tests has put there: its home above all."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("ONEMAP_", "COV_", "PYTHON"))}


def call(house: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {**outside(), "CI": "true", **more}
    command = [str(house / "onemap"), *words]
    return subprocess.run(command, cwd="/", env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_help_names_every_command_and_exit_code(house: Path):
    for words in (["--help"], ["help"], []):
        said = call(house, *words)
        assert said.returncode == 0 and said.stderr == ""
        for command in COMMANDS:
            assert re.search(rf"(^|\s|,){command}\b", said.stdout), command
    assert "40 store or\n  installation" in said.stdout


def test_help_of_a_command_before_anything_is_prepared(house: Path, tmp_path: Path):
    for command in COMMANDS:
        said = call(house, command, "--help", ONEMAP_HOME=str(tmp_path / "absent"))
        assert (said.returncode, said.stdout[:15]) == (0, "usage: ./onemap"), command
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "nonsense: no such command; see ./onemap --help."),
        (["demo", "--scale", "village"], "--scale village: choose county, city or province."),
        (["demo", "--scale"], "--scale: it has no value; see ./onemap --help."),
        (["demo", "--months=x"], "--months x: not a number; give a whole number from 1."),
        (["demo", "--months", "0"], "--months 0: not a number; give a whole number from 1."),
        (["demo", "--fast"], "--fast: the demo has no such option; see ./onemap --help."),
        (["bundle"], "bundle: no folder named; write ./onemap bundle FOLDER."),
        (["prepare", "--all"], "--all: prepare has no such option; see ./onemap --help."),
    ],
)
def test_wrong_usage(house: Path, words: list[str], sentence: str):
    said = call(house, *words)
    assert (said.returncode, said.stdout, said.stderr) == (2, "", f"onemap: {sentence}\n")


def test_the_doctor_without_an_environment(house: Path, tmp_path: Path):
    said = call(house, "doctor", ONEMAP_HOME=str(tmp_path))
    expected = f"onemap: {tmp_path}/venv: the Python environment is missing or broken; run ./onemap prepare.\n"
    assert (said.returncode, said.stderr) == (40, expected)


@pytest.mark.parametrize(
    ("words", "calls"),
    [
        (["demo", "--no-serve"], ["geodata sample --scale county", "etl demo --scale county"]),
        (
            ["demo", "--no-serve", "--scale=city", "--months", "3"],
            ["geodata sample --scale city --months 3", "etl demo --scale city --months 3"],
        ),
        (["sample", "--scale", "city"], ["geodata sample --scale city"]),
        (["themes"], ["etl themes"]),
        (["load", "a file.csv", "--theme", "halls"], ["etl load a file.csv --theme halls"]),
        (["status", "--json"], ["etl status --json"]),
        (["set-aside", "7"], ["etl set-aside 7"]),
        (["indicators", "--unit", "9901"], ["geodata indicators --unit 9901"]),
        (["store", "psql", "-c", "SELECT 1"], ["geodata store psql -c SELECT 1"]),
    ],
)
def test_each_command_goes_to_its_room(house: Path, words: list[str], calls: list[str]):
    said = call(house, *words)
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stdout.splitlines() if line != "geodata store start"] == calls


@pytest.mark.parametrize("command", ["load", "status", "indicators"])
def test_what_is_printed_for_machines_is_alone_on_the_output(house: Path, command: str):
    said = call(house, command, "--json")
    assert said.stdout.count("\n") == 1
    assert said.stderr == "geodata store start\n"


@pytest.mark.parametrize("code", ["1", "2", "20"])
def test_the_exit_code_of_a_room_is_that_of_the_launcher(house: Path, code: str):
    assert call(house, "load", "x", STUB_EXIT=code).returncode == int(code)
    assert call(house, "demo", "--no-serve", STUB_EXIT=code).returncode == int(code)


def test_a_second_preparation_takes_no_time_and_writes_nothing_outside(house: Path):
    began = time.perf_counter()
    assert call(house, "prepare").stdout == f"onemap: prepared in {house}/.onemap\n"
    assert time.perf_counter() - began < 2
    assert not list(house.rglob("__pycache__"))


def test_a_broken_environment_is_made_anew(house: Path):
    (house / ".onemap/venv/bin/python").unlink()
    said = call(house, "themes")
    assert (said.returncode, said.stdout) == (0, "etl themes\n")
    assert f"onemap: making the Python environment in {house}/.onemap/venv" in said.stderr


def test_a_package_that_was_taken_away_is_noticed(house: Path):
    pip = next((house / ".onemap/venv/lib").glob("python3*/site-packages/pip"))
    shutil.rmtree(pip)
    assert "making the Python environment" in call(house, "themes").stderr
    assert pip.exists()


def test_compiled_files_of_another_python_do_not_matter(house: Path):
    site = next((house / ".onemap/venv/lib").glob("python3*/site-packages"))
    (site / "__pycache__").mkdir()
    assert call(house, "themes").stderr == ""
    (site / "__pycache__").rmdir()


def test_packages_that_cannot_be_had(house: Path, tmp_path: Path):
    copy = tmp_path / "copy"
    shutil.copytree(house, copy, ignore=shutil.ignore_patterns(".onemap"))
    (copy / "requirements.lock").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n# --- tests ---\n")
    said = call(copy, "themes", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    assert said.returncode == 40
    assert said.stderr.splitlines()[-1] == (
        "onemap: Python packages: they could not be installed (without internet: ./onemap bundle); "
        f"the whole is in {copy}/.onemap/prepare.log. Then run ./onemap prepare again."
    )


def test_system_packages_that_cannot_be_installed(house: Path, tmp_path: Path):
    """Without root and sudo, and with no browser on the path."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "readlink", "dirname", "sed", "sha256sum", "ls", "cat", "mkdir", "flock", "date"):
        (tools / name).symlink_to(shutil.which(name) or name)
    for name, text in (("id", "echo 1000"), ("fc-list", "exit 0")):
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    said = call(house, "prepare", "--test", PATH=str(tools))
    assert said.returncode == 40
    assert said.stderr == (
        "onemap: system packages: chromium are missing and there is no sudo here; run as root: apt-get install chromium.\n"
    )


def test_the_map_is_served_and_stopped(house: Path):
    environ = {**outside(), "ONEMAP_HOME": str(house / ".onemap"), "CI": "true"}
    command = [str(house / "onemap"), "serve", "--port", "8061"]
    server = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(3)]
    assert lines[0] == "geodata store start\n"
    assert sorted(lines[1:]) == ["app serve --port 8061\n", f"etl work --beside {server.pid}\n"], "the runner of jobs comes with the page"
    assert (house / ".onemap/app.pid").read_text().split() == [str(server.pid)]
    said = call(house, "stop")
    assert said.stdout == f"onemap: map: stopped ({server.pid})\ngeodata store stop\n"
    assert server.wait(10) == -signal.SIGTERM
    server.stdout.close()
    assert call(house, "stop").stdout == "geodata store stop\n"


def test_a_number_that_went_to_another_program_is_left_alone(house: Path):
    with subprocess.Popen(["sleep", "60"]) as other:
        (house / ".onemap/app.pid").write_text(f"{other.pid}\n")
        assert call(house, "stop").stdout == "geodata store stop\n"
        assert other.poll() is None
        other.kill()


def test_it_runs_by_a_link_and_with_a_relative_home(house: Path, tmp_path: Path):
    link = tmp_path / "map"
    link.symlink_to(house / "onemap")
    environ = outside()
    done = subprocess.run([link, "themes"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("etl themes\n")
    home = os.path.relpath(house / ".onemap", tmp_path)
    environ = {**outside(), "ONEMAP_HOME": home}
    done = subprocess.run([link, "themes"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("etl themes\n", "")


def test_the_launcher_is_plain_sh_and_short():
    text = (REPOSITORY / "onemap").read_text()
    page = text.partition("<< 'END'")[2].partition("\nEND\n")[0]  # of help: as long as there are commands
    assert text.startswith("#!/bin/sh\n") and len(text.replace(page, "").splitlines()) <= 240
    assert not re.search(r"\[\[|\blocal\b|<\(|\bfunction\b", text)
    assert subprocess.run(["sh", "-n", REPOSITORY / "onemap"], check=False).returncode == 0
