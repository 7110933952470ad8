"""Tables as the offices write them: their headers, their codes, their order of columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata.sample.ground import Ground
from geodata.sample.names import SPOTS, digits, joined, numbered
from geodata.sample.places import Roads

_TITLES = {"province": "省", "city": "市", "county": "区县", "town": "乡镇", "village": "村社区", "grid": "网格", "microgrid": "微网格"}
_ROAD_SORTS = np.array(["主干道", "次干道", "村道"], dtype=object)
_ROAD_ENDINGS = np.array(["大道", "公路", "村道"], dtype=object)
_WINDS = np.array(["东", "东北", "北", "西北", "西", "西南", "南", "东南"], dtype=object)


def units_sheet(ground: Ground, register: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the boundaries from the root to the villages; table and shapes (EPSG:4490).

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.

    Returns
    -------
    table : DataFrame
        Headers of at most five characters, as a shapefile allows in GBK.
    shape : ndarray of shapely.Polygon
    """
    levels = [name for name in ground.levels if name not in ("grid", "microgrid")]
    return _of_levels(ground, register, levels, {
        "code": "区划代码", "name": "名称", "level": "级别", "parent": "上级代码", "population": "人口", "households": "户数",
        "registered": "户籍人口",
    })


def grids_sheet(ground: Ground, register: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return grids and micro-grids; table and shapes (EPSG:4490).

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.

    Returns
    -------
    table : DataFrame
    shape : ndarray of shapely.Polygon
    """
    table, shape = _of_levels(ground, register, ["grid", "microgrid"], {
        "code": "网格编码", "name": "网格名称", "level": "网格层级", "parent": "上级编码", "population": "常住人口",
        "households": "总户数", "staff": "网格员数",
    })
    table.insert(4, "网格类型", np.where(table["常住人口"] < 25, "专属网格", "全科网格"))
    return table, shape


def _of_levels(
    ground: Ground, register: dict[str, pd.DataFrame], levels: list[str], headers: dict[str, str]
) -> tuple[pd.DataFrame, np.ndarray]:
    tables = [register[level].assign(level=_TITLES[level]) for level in levels]
    shape = np.concatenate([ground.levels[level].shape for level in levels])
    table = pd.concat(tables, ignore_index=True)
    depth = np.repeat(np.arange(len(levels)), [len(each) for each in tables])
    order = np.lexsort((table["code"].to_numpy(), depth))
    return table.iloc[order][list(headers)].rename(columns=headers).reset_index(drop=True), shape[order]


def roads_sheet(register: dict[str, pd.DataFrame], roads: Roads) -> pd.DataFrame:
    """Return the table of the roads, row by row as in ``roads``."""
    village = register["village"]
    starts, stops = (village["name"].to_numpy(dtype=object)[roads.ends[:, side]] for side in (0, 1))
    first = np.array([name[:1] for name in starts], dtype=object)
    last = np.array([name[:1] for name in stops], dtype=object)
    county = village["code"].str[:6].to_numpy(dtype=object)[roads.ends[:, 0]]
    widths = np.array([22.0, 11.0, 5.0])[roads.sort] + (np.arange(len(first)) % 5) * 0.5
    return pd.DataFrame({
        "道路编号": joined(county, digits(roads.sort + 1, 1), digits(np.arange(1, len(first) + 1), 6)),
        "道路名称": joined(first, last, _ROAD_ENDINGS[roads.sort], "（", starts, "—", stops, "）"),
        "道路等级": _ROAD_SORTS[roads.sort],
        "路宽": widths,
    })


def entrances_sheet(ground: Ground, register: dict[str, pd.DataFrame], entrances: pd.DataFrame) -> pd.DataFrame:
    """Return the table of the entrances, named by the wind from the heart of their village."""
    village = entrances["village"].to_numpy()
    dx, dy = (entrances[["x", "y"]].to_numpy() - ground.levels["village"].centre[village]).T
    wind = _WINDS[np.round(np.arctan2(dy, dx) / (np.pi / 4)).astype(int) % 8]
    number = numbered(village)
    names = register["village"]["name"].to_numpy(dtype=object)[village]
    return pd.DataFrame({
        "出入口编号": joined(register["village"]["code"].to_numpy(dtype=object)[village], "71", digits(number, 2)),
        "出入口名称": joined(names, wind, "口", digits(number, 1)),
        "出入口类型": np.where(entrances["main"], "主要出入口", "次要出入口"),
        "经度": entrances["lon"], "纬度": entrances["lat"],
    })


def intersections_sheet(
    ground: Ground, register: dict[str, pd.DataFrame], crossings: pd.DataFrame, degrees: np.ndarray
) -> pd.DataFrame:
    """Return the table of the intersections; degrees (n, 2; EPSG:4490) are their places."""
    village = ground.levels["village"].of_leaf[crossings["leaf"].to_numpy()]
    number = numbered(village)
    names = register["village"]["name"].to_numpy(dtype=object)[village]
    return pd.DataFrame({
        "路口编号": joined(register["village"]["code"].to_numpy(dtype=object)[village], "8", digits(number, 4)),
        "路口名称": joined(names, digits(number, 1), "号路口"),
        "路口类型": np.where(crossings["main"], "主干路口", "一般路口"),
        "岔数": crossings["arms"], "经度": degrees[:, 0], "纬度": degrees[:, 1],
    })


def halls_sheet(register: dict[str, pd.DataFrame], halls: pd.DataFrame, day: np.ndarray) -> pd.DataFrame:
    """Return the table of the halls of a month; day (n,) is the ISO day of building, empty while being built."""
    village = register["village"].iloc[halls["village"].to_numpy()]
    names, code = village["name"].to_numpy(dtype=object), village["code"].to_numpy(dtype=object)
    second = np.where(halls["number"] > 1, "第二", "").astype(object)
    return pd.DataFrame({
        "礼堂编号": joined(code, "61", digits(halls["number"].to_numpy(), 2)),
        "礼堂名称": joined(names, second, "文化礼堂"),
        "礼堂星级": halls["stars"].to_numpy(dtype=object),
        "使用状态": halls["state"].to_numpy(dtype=object),
        "建成时间": day,
        "建筑面积": halls["floor"].to_numpy(), "座位数": halls["seats"].to_numpy(), "年活动场次": halls["events"].to_numpy(),
        "地址": joined(names, digits(1 + halls["seats"].to_numpy() % 180, 1), "号"),
        "服务村代码": halls["serves"].to_numpy(dtype=object),
    })


def spaces_sheet(register: dict[str, pd.DataFrame], spaces: pd.DataFrame, day: np.ndarray) -> pd.DataFrame:
    """Return the table of the parcels of a month; day (n,) is the ISO day of recovery, empty while occupied."""
    village = register["village"].iloc[spaces["village"].to_numpy()]
    names, code = village["name"].to_numpy(dtype=object), village["code"].to_numpy(dtype=object)
    number = spaces["number"].to_numpy()
    return pd.DataFrame({
        "地块编号": joined(code, "5", digits(number, 4)),
        "地块名称": joined(names, digits(number, 1), "号地块"),
        "治理状态": spaces["state"].to_numpy(dtype=object),
        "原用途": spaces["sort"].to_numpy(dtype=object),
        "面积(亩)": spaces["mu"].to_numpy(),
        "年租金(元)": spaces["rent"].to_numpy(),
        "收回日期": day,
        "权属单位": joined(names, "股份经济合作社"),
    })


_PIXELS = np.array(["D1", "1080P", "400万", "800万"], dtype=object)
_LIGHT = np.array([1, 2, 2, 3])
_OWNERS = {1: "公安", 8: "教育", 12: "交通", 14: "水利", 17: "市政市容"}
_SPOT_NAMES = np.array(["路口", "出入口", ""], dtype=object)


def camera_codes(register: dict[str, pd.DataFrame], cameras: pd.DataFrame) -> np.ndarray:
    """Return the 20-digit codes of GB/T 28181: county 6, station 2, industry 2, type 3, network 1, serial 6 digits.

    Parameters
    ----------
    register : dict of str to DataFrame
        Of ``write_register``.
    cameras : DataFrame
        Of ``place_cameras``; all of them, so that the serials stay.

    Returns
    -------
    ndarray of object (str), shape (n,)
    """
    county = register["county"]["code"].str[:6].to_numpy(dtype=object)
    industry = np.where(cameras["owner"] == 12, 4, np.where(cameras["owner"] == 1, 0, 8))
    device = np.where(cameras["shape"] == 3, 132, 131)
    serial = numbered(cameras["county"].to_numpy())
    tail = (industry * 1_000 + device) * 10_000_000 + serial
    station = digits(1 + cameras["town"].to_numpy() % 97, 2)
    return joined(county[cameras["county"].to_numpy()], station, digits(tail, 12))


def cameras_sheet(register: dict[str, pd.DataFrame], now: pd.DataFrame, code: np.ndarray, day: np.ndarray) -> pd.DataFrame:
    """Return the 一机一档 sheet of a month.

    Parameters
    ----------
    register : dict of str to DataFrame
        Of ``write_register``.
    now : DataFrame
        Of ``state_of``, or some of its rows.
    code : ndarray of object (str), shape (n,)
        20-digit codes.
    day : ndarray of object (str), shape (n,)
        ISO day of installation.

    Returns
    -------
    DataFrame
        23 columns; enumerations as codes (联网属性 0 is networked; 监视方位 1 to 9).
    """
    village = register["village"]["name"].to_numpy(dtype=object)[now["village"].to_numpy()]
    town = register["town"]["name"].to_numpy(dtype=object)[now["town"].to_numpy()]
    spot = now["spot"].to_numpy()
    row = now["row"].to_numpy()
    place = np.where(spot == 2, SPOTS[row % len(SPOTS)], _SPOT_NAMES[spot]).astype(object)
    shape, online = now["shape"].to_numpy(), now["online"].to_numpy()
    head = np.select([shape == 1, shape == 2, shape == 5], ["球机", "半球", "卡口"], "枪机").astype(object)
    network = np.where(now["networked"], 0, 1)
    return pd.DataFrame({
        "设备编码": code, "设备名称": joined(village, place, head, digits(row % 1000, 3)),
        "行政区域": np.array([text[:6] for text in code], dtype=object),
        "监控点位类型": now["tier"].to_numpy(), "摄像机类型": shape, "摄像机功能类型": now["function"].to_numpy(),
        "补光属性": _LIGHT[row % 4], "摄像机编码格式": np.where(row % 3, 4, 2),
        "安装地址": joined(town, village, place), "经度": now["lon"].to_numpy(), "纬度": now["lat"].to_numpy(),
        "摄像机位置类型": np.where(spot == 0, 10, 9), "监视方位": now["facing"].to_numpy(), "联网属性": network,
        "安装时间": day, "录像保存天数": now["keeps"].to_numpy(), "设备状态": now["status"].to_numpy(),
        "所属部门/行业": now["owner"].map(_OWNERS).to_numpy(dtype=object),
        "安装高度": now["height"].to_numpy(), "可视距离": now["distance"].to_numpy(), "水平视场角": now["angle"].to_numpy(),
        "分辨率": _PIXELS[now["pixels"].to_numpy()],
        "在线状态": np.select([online == 1, online == 0], ["在线", "离线"], "").astype(object),
    })
