"""The recipes beside the files: which theme, which header is which field, which encoding and system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geodata.sample import offices
from geodata.sample.months import Month
from layers import theme

_PUBLISHER = "虚构示例数据（由种子生成，不对应任何真实地点）"
_HEAD = """# Recipe of the sample: fictitious data, made from a seed.
theme = "{theme}"
source = "{source}"
publisher = "{publisher}"
licence = "CC0-1.0"
"""

_FIELDS = {
    "units": {"code": "区划代码", "name": "名称", "level": "级别", "parent": "上级代码", "population": "人口", "households": "户数", "registered": "户籍人口"},
    "grids": {
        "code": "网格编码", "name": "网格名称", "level": "网格层级", "parent": "上级编码", "sort": "网格类型",
        "population": "常住人口", "households": "总户数", "staff": "网格员数",
    },
    "roads": {"code": "道路编号", "name": "道路名称", "sort": "道路等级", "width": "路宽"},
    "intersections": {"code": "路口编号", "name": "路口名称", "sort": "路口类型", "arms": "岔数"},
    "entrances": {"code": "出入口编号", "name": "出入口名称", "sort": "出入口类型"},
    "halls": {
        "code": "礼堂编号", "name": "礼堂名称", "star": "礼堂星级", "state": "使用状态", "built": "建成时间",
        "floor": "建筑面积", "seats": "座位数", "events": "年活动场次", "address": "地址",
        "serves": "服务村代码",
    },
    "spaces": {
        "code": "地块编号", "name": "地块名称", "state": "治理状态", "sort": "原用途", "mu": "面积(亩)",
        "rent": "年租金(元)", "recovered_on": "收回日期", "owner": "权属单位",
    },
    "cameras": {
        "code": "设备编码", "name": "设备名称", "district": "行政区域", "tier": "监控点位类型", "shape": "摄像机类型",
        "function": "摄像机功能类型", "address": "安装地址", "azimuth": "监视方位", "networked": "联网属性",
        "installed": "安装时间", "keeps_days": "录像保存天数", "status": "设备状态", "department": "所属部门/行业",
        "height": "安装高度", "distance": "可视距离", "angle": "水平视场角", "definition": "分辨率", "online": "在线状态",
    },
}

LAND = ("homesteads", "contract_land")
"""Themes of land surveys, which come once."""

_READING = {
    "units": 'encoding = "GB18030"\n',
    "intersections": 'encoding = "GB18030"\ncrs = "EPSG:4490"\n',
    "entrances": 'encoding = "UTF-8"\ncrs = "EPSG:4490"\n',
    "cameras": 'crs = "EPSG:4490"\n',
}

_SUFFIXES = {
    "csv": 'encoding = "GB18030"\n',
    "xlsx": 'header_row = 2\n',
    "geojson": "",
}
_OF_OFFICES = {
    each.theme: _SUFFIXES[each.suffix] + ("" if theme(each.theme).placed_by or each.suffix == "geojson" else 'crs = "EPSG:4490"\n')
    for each in offices.OFFICES
}
_MONTHLY = tuple(each.theme for each in offices.OFFICES if each.monthly)

_SHEET = 'sheet = "一机一档"\nheader_row = 2\n'


def write_recipes(folder: Path, months: Sequence[Month], camera_sheet: bool) -> None:
    """Write the recipe of every stream of files.

    Parameters
    ----------
    folder : Path
        Where the files lie.
    months : sequence of Month
        Ground and places come once, with the first month; tables of other offices that come once, with the last. Monthly
        files carry their day in the name.
    camera_sheet : bool
        Whether the cameras come as XLSX sheets with a title above the headers.
    """
    for name, fields in (_FIELDS | {each: offices.headers(each) for each in (*(one.theme for one in offices.OFFICES), *LAND)}).items():
        lines = [_HEAD.format(theme=name, source=name, publisher=_PUBLISHER)]
        if name not in ("cameras", "halls", "spaces", *_MONTHLY):
            lines.append(f"as_of = {months[-1 if name in (*_OF_OFFICES, *LAND) else 0].day.isoformat()}\n")
        lines.append(_READING.get(name) or _OF_OFFICES.get(name, ""))
        lines.append(_SHEET if name == "cameras" and camera_sheet else "")
        lines.append("\n[fields]\n")
        lines.extend(f'{field} = "{header}"\n' for field, header in fields.items())
        (folder / f"{name}.toml").write_text("".join(lines), encoding="utf-8")
