"""What settling does to a process: seen from inside another one, for it cannot be undone."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from app import settle as settled
from geodata.settings import REPOSITORY

HEAPS = """
import ctypes, sys, threading
from app.settle import settle
if sys.argv[1] == "settled":
    settle()
together = threading.Barrier(6)
def work():
    together.wait()
    held = [bytes(1000 + n) for n in range(2000)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for each in threads: each.start()
for each in threads: each.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
print(open(sys.argv[2]).read().count("<heap nr="))
"""


def heaps(how: str, folder) -> int:
    """Heaps of a process after six of its threads have worked at once."""
    asked = [sys.executable, "-c", HEAPS, how, str(folder / "heaps.xml")]
    return int(subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator alone tells how many heaps it has")
def test_all_threads_share_one_heap(tmp_path):
    assert heaps("settled", tmp_path) == 1 < heaps("as ever", tmp_path)


def test_another_allocator_is_left_as_it_is(monkeypatch):
    before = gc.get_threshold()
    monkeypatch.setattr(settled.ctypes, "CDLL", lambda _: object())
    try:
        settled.settle()
        assert gc.get_threshold() == (20_000, 20, 20) and gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
