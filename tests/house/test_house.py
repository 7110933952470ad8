"""The house rules, as tests: names, sizes, no outside hosts, no machine paths."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "layers", "etl", "geodata", "benchmarks")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
OURS = sorted({*FILES, *(path for room in ROOMS for kind in ("*.js", "*.css") for path in (ROOT / room).rglob(kind) if path.parent.name != "vendor")})


def functions(path):
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def body_lines(function):
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_functions_are_short(path):
    long = [f"{each.name}: {body_lines(each)} lines" for each in functions(path) if body_lines(each) > 40]
    assert not long


def test_the_median_function_has_eight_lines_or_fewer():
    sizes = sorted(body_lines(each) for path in FILES for each in functions(path))
    assert sizes[len(sizes) // 2] <= 8


@pytest.mark.parametrize("path", OURS, ids=named)
def test_files_are_rooms_not_halls(path):
    assert path.read_text().count("\n") <= 320


@pytest.mark.parametrize("path", FILES, ids=named)
def test_names_say_something(path):
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager"}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_its_single_job(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{named(path)} has no module docstring"


@pytest.mark.parametrize("path", OURS, ids=named)
def test_nothing_is_unfinished_and_nothing_points_outside(path):
    text = path.read_text()
    assert not re.search(r"\bTODO\b|\bFIXME\b|NotImplementedError", text)
    hosts = re.findall(r"https?://([A-Za-z0-9.-]+)", text)
    allowed = {"127.0.0.1", "localhost", "www.w3.org", "json-schema.org", "schemas.openxmlformats.org", "www.opengis.net", "www.geopackage.org"}
    assert set(hosts) <= allowed, f"{named(path)} names an outside host"
    assert not re.search(r"/work/|/root/|/opt/pypi", text)


def test_the_top_level_is_the_one_that_was_agreed():
    agreed = {
        "app",
        "layers",
        "etl",
        "geodata",
        "tests",
        "benchmarks",
        "Dockerfile",
        "compose.yaml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "onemap",
        "requirements.lock",
    }
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files"]
        tracked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    else:  # a bare Debian that got the files as an archive
        tracked = [path.name for path in ROOT.iterdir()]
    top = {name.split("/")[0] for name in tracked}
    assert {name for name in top if not name.startswith(".")} <= agreed


def public(path):
    """Public classes and functions, also those inside others; and whether one is reached from outside."""

    def below(node, reached):
        for each in ast.iter_child_nodes(node):
            is_class = isinstance(each, ast.ClassDef)
            if is_class or isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                if not each.name.startswith("_"):
                    yield each, reached
                yield from below(each, reached and is_class and not each.name.startswith("_"))
            else:
                yield from below(each, reached)

    return below(ast.parse(path.read_text()), True)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_public_name_says_what_it_is_and_what_it_raises(path):
    silent, unsaid = [], []
    for each, reached in public(path):
        said = ast.get_docstring(each) or ""
        if not said:
            silent.append(each.name)
        elif reached and not isinstance(each, ast.ClassDef) and "Raises" not in said:
            unsaid += [each.name for one in ast.walk(each) if isinstance(one, ast.Raise) and one.exc is not None]
    assert (silent, unsaid) == ([], []), f"{named(path)}: no docstring; and no Raises in the docstring of what raises"
