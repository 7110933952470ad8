"""P: what may be and hardly is: places nobody stands at, things that moved, numbers that jumped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import shapely

from etl.rules._far import FAR_KM, near
from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit, whole_file
from etl.rules.uniqueness import by_place
from layers import Text, Theme

# Cameras share a pole: eight look all around it; halls and crossings share their place with none.
_ON_ONE_POLE, _ON_ONE_PLACE = 8, 1
_MOVED_METRES = 200.0
_ALL_ROWS, _ALL_SHARE, _ALL_METRES, _ALL_SPREAD = 20, 0.9, 50.0, 0.25
_CENTRE_METRES, _CENTRE_ROWS = 1.0, 3


def _null_island(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung is None:
        yield hit(_null(matter))


def _null(matter: Matter) -> np.ndarray:
    x, y = matter.middle
    return np.asarray((np.abs(x) < 0.01) & (np.abs(y) < 0.01))


def _far(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung is None and len(matter.ground.bounds):
        far = matter.there & ~near(*matter.middle, matter.ground.bounds) & ~_null(matter)
        yield hit(far, km=FAR_KM)


def _one_for_both(matter: Matter) -> Iterator[Hit]:
    if matter.points:
        x, y = matter.middle
        yield hit((np.abs(x - y) < 1e-9) & ~_null(matter), x=x)


def _most(theme: Theme) -> int:
    return _ON_ONE_POLE if theme.sight else _ON_ONE_PLACE


def _stacked(matter: Matter) -> Iterator[Hit]:
    if not matter.points or not matter.there.any():
        return
    places = pd.DataFrame({"x": shapely.get_x(matter.shapes).round(7), "y": shapely.get_y(matter.shapes).round(7)})
    n = places.groupby(["x", "y"])["x"].transform("size").fillna(0).to_numpy()
    yield hit(n > _most(matter.theme), n=n.astype(int))


def _shift(matter: Matter) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north from where each row stood before; NaN where it did not."""
    centre = shapely.centroid(matter.shapes)
    east, north = matter.scale
    before = matter.before
    return (
        (shapely.get_x(centre) - before["x"].to_numpy(dtype=float)) * east,
        (shapely.get_y(centre) - before["y"].to_numpy(dtype=float)) * north,
    )


def _moved_all(matter: Matter) -> tuple[float, int] | None:
    """How far the whole file moved in one direction, and how many rows did; None where it did not."""
    east, north = matter.remembered(_shift)
    known = np.isfinite(east)
    if known.sum() < _ALL_ROWS:
        return None
    along = np.median(east[known]), np.median(north[known])
    metres = float(np.hypot(*along))
    alike = np.hypot(east[known] - along[0], north[known] - along[1]) < _ALL_SPREAD * metres
    return (metres, int(alike.sum())) if metres > _ALL_METRES and alike.mean() >= _ALL_SHARE else None


def _all_moved(matter: Matter) -> Iterator[Hit]:
    if found := _moved_all(matter):
        yield whole_file(metres=found[0], n=found[1])


def _moved(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung is None:
        metres = np.hypot(*matter.remembered(_shift))
        yield hit(metres > _MOVED_METRES, metres=metres)


def _people_jump(matter: Matter) -> Iterator[Hit]:
    rung = matter.theme.rung
    if rung and rung.population and len(matter.before):
        now, was = matter.numbers(rung.population), _was(matter, rung.population)
        yield hit((np.abs(now - was) > 0.5 * was) & (np.abs(now - was) > 100), before=was, now=now)


def _was(matter: Matter, name: str) -> np.ndarray:
    before = matter.before
    return before[name].to_numpy(dtype=float) if name in before else np.full(len(matter), np.nan)


def _number_jump(matter: Matter) -> Iterator[Hit]:
    for each in matter.theme.fields:
        if each.unit and each.kind.value in ("number", "integer") and matter.theme.rung is None and each.unit != "°":
            now, was = matter.numbers(each.name), _was(matter, each.name)
            large, small = np.fmax(now, was), np.fmin(now, was)
            yield hit((small > 0) & (large > 20 * small), field=each.title, before=was, now=now)


def _area_jump(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung:
        now, was = shapely.area(matter.shapes), matter.before["area"].to_numpy(dtype=float)
        change = (now - was) / np.where(was > 0, was, np.nan)
        yield hit(np.abs(change) > 0.1, change=change)


def _dense(matter: Matter) -> Iterator[Hit]:
    rung = matter.theme.rung
    if rung and rung.population:
        km2 = shapely.area(matter.flat) / 1e6
        density = matter.numbers(rung.population) / np.where(km2 > 0, km2, np.nan)
        yield hit(density > 150_000, n=density)


def _household(matter: Matter) -> Iterator[Hit]:
    rung = matter.theme.rung
    if rung and rung.population and rung.households:
        people, homes = matter.numbers(rung.population), matter.numbers(rung.households)
        size = people / np.where(homes > 0, homes, np.nan)
        yield hit((people >= 20) & ((size > 12) | (homes == 0)), people=people, homes=homes)


def _key_reused(matter: Matter) -> Iterator[Hit]:
    """A key that stood elsewhere under a name that shares nothing with the new one."""
    if matter.theme.rung is not None or matter.theme.label == matter.theme.key:
        return
    moved = np.flatnonzero(np.hypot(*matter.remembered(_shift)) > _MOVED_METRES)
    names, before = matter.column(matter.theme.label), matter.before["name"].to_numpy(dtype=object)
    other = [row for row in moved if names[row] and isinstance(before[row], str) and not set(names[row]) & set(before[row])]
    yield hit(np.array(other, dtype=np.intp), before=before[other], now=names[other])


def _on_centre(matter: Matter) -> Iterator[Hit]:
    """Points that a program put on the middle of their unit for lack of a place."""
    if not matter.points or not matter.there.any():
        return
    codes = matter.stands[0]
    counts = pd.Series(codes).value_counts()
    often = counts.index[counts >= _CENTRE_ROWS].tolist()
    grounds = matter.outlines(often)
    centres = {code: shapely.centroid(shape) for code, shape in grounds.items() if shape is not None}
    rows = np.flatnonzero([code in centres for code in codes])
    if not len(rows):
        return
    there = matter.flattened(np.array([centres[codes[row]] for row in rows], dtype=object))
    at = rows[shapely.distance(matter.flat[rows], there) < _CENTRE_METRES]
    n = pd.Series(codes[at]).map(pd.Series(codes[at]).value_counts()).to_numpy()
    keep = n >= _CENTRE_ROWS if len(at) else np.zeros(0, dtype=bool)
    yield hit(at[keep], unit=codes[at[keep]], n=n[keep])


def _shrunk(matter: Matter) -> Iterator[Hit]:
    stood = len(matter.standing)
    if not matter.partial and stood >= _ALL_ROWS and len(matter) < 0.5 * stood:
        yield whole_file(n=len(matter), before=stood)


def _renewed(matter: Matter) -> Iterator[Hit]:
    stood = set(matter.standing["key"])
    if not matter.partial and len(stood) >= _ALL_ROWS and len(matter) >= _ALL_ROWS and not stood & set(matter.keys):
        yield whole_file(n=len(matter), example=next((key for key in matter.keys if key), ""), before=min(stood))


RULES = (
    Rule(
        id="P01", name="null_island", severity=Severity.ERROR, check=_null_island,
        asks=Text("坐标不是0,0", "Coordinates are not 0, 0"),
        why=Text("0,0在几内亚湾，是没有定位时的默认值", "0, 0 is a place in the Gulf of Guinea, and what devices write without a fix"),
        remedy=Text("补采坐标", "Take the coordinates"),
        example="经度0，纬度0",
        reason=Text("坐标为0,0", "its coordinates are 0, 0"),
    ),
    Rule(
        id="P02", name="far_away", severity=Severity.ERROR, check=_far,
        asks=Text("位置在辖区50公里以内", "A row lies within 50 km of the ladder"),
        why=Text("辖区外的点把地图缩成一点", "One point far away shrinks the map to a dot"),
        remedy=Text("核对坐标", "Check the coordinates"),
        example="北京的村里有一个点在海南",
        reason=Text("位置在辖区{km:g}公里以外", "it lies more than {km:g} km outside the ladder"),
    ),
    Rule(
        id="P03", name="one_for_both", severity=Severity.ERROR, check=_one_for_both,
        asks=Text("经度与纬度不相等", "Longitude and latitude differ"),
        why=Text("同一个数填了两次", "One figure was written twice"),
        remedy=Text("核对坐标", "Check the coordinates"),
        example="30.25, 30.25",
        reason=Text("经度与纬度相同（{x:g}）", "its longitude and latitude are the same ({x:g})"),
    ),
    Rule(
        id="P04", name="stacked", severity=Severity.WARNING, check=_stacked, together=partial(by_place, decimals=7), least=lambda theme: _most(theme) + 1,
        asks=Text("不同的对象不在同一个点上（一根杆上最多8个监控）", "Rows do not share one point (a pole holds 8 cameras at most)"),
        why=Text("默认坐标会让许多对象堆在一处", "A default position piles rows up at one place"),
        remedy=Text("逐个补采坐标", "Take the coordinates of each"),
        example="46个监控都在镇政府门口",
        reason=Text("有{n}行在同一个点上", "{n} rows stand at this very point"),
    ),
    Rule(
        id="P05", name="moved", severity=Severity.WARNING, check=_moved,
        asks=Text("位置与上次相差不超过200米", "A row stands within 200 m of where it stood"),
        why=Text("迁移应有记录，否则是坐标错了", "A move is on record, or else the coordinates are wrong"),
        remedy=Text("核对坐标，或确认已迁移", "Check the coordinates, or confirm the move"),
        example="同一编码，两次相距3.2公里",
        reason=Text("距上次的位置{metres:.0f}米", "it stands {metres:.0f} m from where it stood"),
    ),
    Rule(
        id="P06", name="all_moved", severity=Severity.LOAD, check=_all_moved,
        asks=Text("整份文件没有朝一个方向平移", "The file as a whole has not moved in one direction"),
        why=Text("坐标系变了（GCJ-02平移约540米），所有覆盖率都会错", "Its coordinate system is another one (GCJ-02 is some 540 m off); every coverage would be wrong"),
        remedy=Text("用crs写明坐标系；确属更正的，在导入说明中写accept", 'say crs = ... in the recipe, or accept = ["all_moved"] if it is a correction'),
        example="1200个点都向东南移了541米",
        reason=Text("{n}行朝同一方向移动了{metres:.0f}米", "{n} rows moved {metres:.0f} m in one direction"),
    ),
    Rule(
        id="P07", name="people_jump", severity=Severity.WARNING, check=_people_jump,
        asks=Text("人口与上次相差不超过一半", "People are within half of what they were"),
        why=Text("没有撤并时人口不会突变", "Without a merger they do not jump"),
        remedy=Text("核对口径与数值", "Check the definition and the figure"),
        example="上次1850人，本次185人",
        reason=Text("人口由{before:.0f}变为{now:.0f}", "its people went from {before:.0f} to {now:.0f}"),
    ),
    Rule(
        id="P08", name="number_jump", severity=Severity.WARNING, check=_number_jump,
        asks=Text("数值与上次在同一量级（20倍以内）", "Numbers stay within 20 times of what they were"),
        why=Text("多为单位或小数点填错", "Mostly a unit or a decimal point slipped"),
        remedy=Text("核对数值", "Check the figure"),
        example="年租金由2000变为2000000",
        reason=Text("{field}由{before:g}变为{now:g}", "{field} went from {before:g} to {now:g}"),
    ),
    Rule(
        id="P09", name="area_jump", severity=Severity.WARNING, check=_area_jump,
        asks=Text("单位面积与上次相差不超过10%", "The ground of a unit is within 10 % of what it was"),
        why=Text("边界变更应有批文", "A border changes by decree"),
        remedy=Text("核对边界，或确认已调整", "Check the border, or confirm the change"),
        example="村界扩大了35%",
        reason=Text("面积比上次变化{change:+.0%}", "its ground changed by {change:+.0%}"),
    ),
    Rule(
        id="P10", name="dense", severity=Severity.WARNING, check=_dense,
        asks=Text("每平方公里不超过15万人", "At most 150,000 people live on a square kilometre"),
        why=Text("世界上没有这样密的村镇", "No village or town on earth is denser"),
        remedy=Text("核对人口与边界", "Check people and border"),
        example="0.01平方公里的网格有5000人",
        reason=Text("每平方公里{n:,.0f}人", "{n:,.0f} people live on a square kilometre of it"),
    ),
    Rule(
        id="P11", name="household_size", severity=Severity.WARNING, check=_household,
        asks=Text("每户不超过12人", "A household has 12 people at most"),
        why=Text("户数与人口必有一错", "People or households are wrong"),
        remedy=Text("核对两列", "Check both columns"),
        example="人口3000，户数12",
        reason=Text("{people:.0f}人只有{homes:.0f}户", "{people:.0f} people live in {homes:.0f} households"),
    ),
    Rule(
        id="P12", name="key_reused", severity=Severity.WARNING, check=_key_reused,
        asks=Text("编号不转给别的对象", "A key is not given to another thing"),
        why=Text("历史会把两个对象当作一个", "History would take the two for one"),
        remedy=Text("为新对象编新号", "Give the new thing a new key"),
        example="编号0017原为“桥头”，现为2公里外的“南门”",
        reason=Text("编号原属别处的“{before}”，现为“{now}”", "its key stood elsewhere, for '{before}', and now stands for '{now}'"),
    ),
    Rule(
        id="P13", name="on_centre", severity=Severity.WARNING, check=_on_centre,
        asks=Text("点不落在单位的几何中心", "Points do not lie on the very middle of their unit"),
        why=Text("这是按地名批量定位的结果，不是实测", "A program put them there by the unit's name"),
        remedy=Text("实地采集坐标", "Take the coordinates on the spot"),
        example="12个监控都在村界的质心",
        reason=Text("与另外的行一起落在{unit}的几何中心（共{n}行）", "it lies on the very middle of {unit}, as {n} rows do"),
    ),
    Rule(
        id="P14", name="shrunk", severity=Severity.WARNING, check=_shrunk,
        asks=Text("行数不少于上次的一半", "A file has at least half of the rows that stand"),
        why=Text("只报了一部分，其余会被当作已撤销", "Part of it was sent, and the rest would count as gone"),
        remedy=Text("补齐后重发", "Send the whole"),
        example="上次9458行，本次312行",
        reason=Text("只有{n}行，而原有{before}行", "it has {n} rows where {before} stand"),
    ),
    Rule(
        id="P15", name="keys_renewed", severity=Severity.WARNING, check=_renewed,
        asks=Text("编号与上次相接", "Keys are those that stand"),
        why=Text("编号全部更换后，历史就断了", "With all keys new, history breaks off"),
        remedy=Text("指定正确的编号列，或保留原编号", "Name the right column, or keep the keys"),
        example="编号由DK0001改为自增序号",
        reason=Text("{n}行的编号没有一个是原有的（如{example}，原有{before}）", "none of its {n} keys stands (as {example}; {before} does)"),
    ),
)  # fmt: skip
