"""Files of the other offices, as they send them: workbooks with a title, CSV in GB18030, GeoJSON; a few rows gone wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geodata.sample import incidents, reports, stations
from geodata.sample.files import write_csv, write_geojson
from geodata.sample.ground import Ground
from geodata.sample.months import Month
from geodata.sample.workbook import write_workbook
from layers import theme

Register = dict[str, pd.DataFrame]
Defects = list[dict[str, object]]


@dataclass(frozen=True)
class Office:
    """A stream of files of one theme.

    Parameters
    ----------
    theme : str
    made : callable
        Ground, register and, for `monthly` ones, month -> rows by our fields, and lon and lat for those with a position.
    suffix : str
        ``xlsx`` with a title above its headers, ``csv`` in GB18030, ``geojson``.
    monthly : bool
        Whether a file comes every fourth month; else once.
    wrong : dict of str to str
        Field -> a value that no rule lets pass; a row is copied with it.
    """

    theme: str
    made: Callable[..., pd.DataFrame]
    suffix: str
    monthly: bool = False
    wrong: tuple[tuple[str, str], ...] = ()


OFFICES = (
    Office("services", stations.services, "csv", wrong=(("state", "待核实"), ("sort", "茶馆"))),
    Office("practice_stations", stations.practice_stations, "geojson", wrong=(("tier", "分站"),)),
    Office("police_points", stations.police_points, "xlsx", wrong=(("state", "不详"),)),
    Office("legal_sites", stations.legal_sites, "csv", wrong=(("sort", "展板"),)),
    Office("base_stations", stations.base_stations, "geojson", wrong=(("sort", "6G"),)),
    Office("townships", reports.townships, "xlsx"),
    Office("counties", reports.counties, "csv"),
    Office("titles", reports.titles, "xlsx", wrong=(("of", "999999999999"), ("grade", "乡级"))),
    Office("pilots", reports.pilots, "csv", wrong=(("code", "某某村"),)),
    Office("disclosures", reports.disclosures, "csv", wrong=(("posted", "上月"),)),
    Office("villages", reports.villages, "xlsx", monthly=True, wrong=(("code", "990199999299"), ("sort", "自然村"))),
    Office("events", incidents.events, "csv", monthly=True, wrong=(("sort", "其他"), ("state", "未知"))),
    Office("loudspeakers", stations.loudspeakers, "geojson", monthly=True, wrong=(("state", "待修"),)),
)
"""In the order of loading."""


def once(folder: Path, ground: Ground, register: Register, day: str) -> Iterator[tuple[str, str, str, int, Defects]]:
    """Write the files that come once; yield name, theme, day, rows and what is wrong with some of them."""
    for each in OFFICES:
        if not each.monthly:
            name = f"{each.theme}.{each.suffix}"
            yield (name, each.theme, day, *_write(folder / name, each, each.made(ground, register), None))


def of_month(folder: Path, ground: Ground, register: Register, month: Month) -> Iterator[tuple[str, str, str, int, Defects]]:
    """Write the files of a month, if it is one of those in which the offices report; as ``once``."""
    for each in OFFICES if month.place % 4 == 0 else ():
        if each.monthly:
            name = f"{each.theme}_{month.stamp}.{each.suffix}"
            rows = each.made(ground, register, month)
            yield (name, each.theme, month.day.isoformat(), *_write(folder / name, each, rows, month.stamp))


def headers(name: str) -> dict[str, str]:
    """Field -> header of a theme's files: the Chinese title."""
    return {each.name: each.title.zh for each in theme(name).fields}


def _write(path: Path, office: Office, rows: pd.DataFrame, stamp: str | None) -> tuple[int, Defects]:
    rows, defects = _soiled(office, rows)
    place = rows[["lon", "lat"]].to_numpy() if "lon" in rows else np.empty((0, 2))
    said = {each: header for each, header in headers(office.theme).items() if each in rows}
    table = rows[list(said)].rename(columns=said)
    if office.suffix == "geojson":
        write_geojson(path, table, place)
        return len(table), defects
    if len(place):
        table = table.assign(经度=place[:, 0], 纬度=place[:, 1])
    if office.suffix == "xlsx":
        title = f"{stamp or '2026年'} {theme(office.theme).title.zh}（虚构示例数据）"
        write_workbook(path, theme(office.theme).title.zh, title, table)
    else:
        write_csv(path, table, "gb18030")
    return len(table), defects


def _soiled(office: Office, rows: pd.DataFrame) -> tuple[pd.DataFrame, Defects]:
    """Copies of rows with a value that no rule lets pass, and one row twice, at the end of the file."""
    key, n = theme(office.theme).key, len(rows)
    copies = [rows.iloc[[n // 2]]] if office.wrong else []
    said = ["exact duplicate"] * len(copies)
    for number, (field, value) in enumerate(office.wrong, start=1):
        copy = rows.iloc[[number * n // 5]].copy()
        if field != key and theme(office.theme).placed_by != key:
            copy[key] = f"{copy[key].iloc[0]}9{number}"
        copies.append(copy.assign(**{field: value}))
        said.append(f"{field} {value}")
    whole = pd.concat([rows, *copies], ignore_index=True)
    wrong = [{"row": n + k + 1, "code": str(whole[key].iloc[n + k]), "defect": each} for k, each in enumerate(said)]
    return whole, wrong
