"""The sample city's own file about documents: deadlines that lie around today, so that its board shows every state.

The real documents end between 2020 and 2022, and some copies mask their years. A city says in ``documents/*.toml`` which year
holds for it (`geodata.adopted`); the made-up one says it here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

NAME = "sample.toml"

_TEXT = """\
# 虚构示例数据：示例城市自定的期限。删去本文件即按原文期限判定。
# Fictitious sample data: deadlines of the sample city. Without this file the documents' own deadlines hold.

[year]  # the year in which the last deadline of a document lies; masked years (20xx) become this one
ningbo = {next}
liaocheng = {later}
changzi = {this}
pingluo = {next}
zhuanglang = {next}
nanchang = {next}

[quota."NC-01"]  # pilot villages that each county owes (the document has twelve counties of its own)
"990101000000" = 6
"990102000000" = 5
"990103000000" = 4
"""


def write(home: Path, today: date) -> Path | None:
    """Write the file where the city has none of its own.

    Parameters
    ----------
    home : Path
        Of the installation.
    today : date
        The day around which the deadlines lie.

    Returns
    -------
    Path or None
        The file; None where the folder holds one already.
    """
    folder = home / "documents"
    if any(folder.glob("*.toml")):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(_TEXT.format(this=today.year, next=today.year + 1, later=today.year + 2), encoding="utf-8")
    return path
