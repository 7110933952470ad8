"""Uploads on the disk: found by their numbers only, and taken away when they are old."""

from __future__ import annotations

import os

from geodata import uploads

OLD, NEW, BUSY = "0011223344556677", "8899aabbccddeeff", "0123456789abcdef"


def test_what_is_old_goes_and_what_is_under_way_stays(tmp_path):
    home = tmp_path / uploads.FOLDER
    for number in (OLD, NEW, BUSY):
        made = uploads.make(home, number, ["a.csv", "a.csv.toml"])
        assert made and made.file == home / number / "files" / "a.csv"
    (home / "notes").mkdir()
    for number in (OLD, BUSY, "notes"):
        os.utime(home / number, (0, 0))
    assert uploads.sweep(tmp_path, 90, {BUSY}) == 1
    assert sorted(each.name for each in home.iterdir()) == [BUSY, NEW, "notes"]
    assert [each.id for each in uploads.every(home)] == [BUSY, NEW]


def test_a_recipe_alone_is_no_upload(tmp_path):
    assert uploads.make(tmp_path, OLD, ["a.toml", "a.corrections.toml"]) is None
    assert uploads.find(tmp_path, OLD) is None and uploads.find(tmp_path, "../x") is None
