"""L: the file as a whole: what refuses it before, and after, its rows were looked at."""

from __future__ import annotations

from collections.abc import Iterator

from etl.rules._far import FAR_KM, near
from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, whole_file
from layers import Text

_ROWS, _SHARE = 20, 0.5


def _empty(matter: Matter) -> Iterator[Hit]:
    if not len(matter):
        yield whole_file()


def _elsewhere(matter: Matter) -> Iterator[Hit]:
    """More than half of the rows far from home: another place, or another coordinate system."""
    if len(matter.ground.bounds) and matter.there.sum() >= _ROWS:
        far = matter.there & ~near(*matter.middle, matter.ground.bounds)
        if far.sum() > _SHARE * matter.there.sum() and matter.theme.rung is None:
            yield whole_file(n=int(far.sum()), of=int(matter.there.sum()), km=FAR_KM)


def _read(number: int, name: str, asks: Text, why: Text, remedy: Text, example: str, found_by: str) -> Rule:
    """A rule that a file breaks before there are rows."""
    return Rule(
        id=f"L{number:02d}", name=name, severity=Severity.LOAD, asks=asks, why=why, remedy=remedy, example=example,
        found_by=found_by,
    )  # fmt: skip


RULES = (
    Rule(
        id="L01", name="empty", severity=Severity.LOAD, check=_empty,
        asks=Text("文件至少有一行", "A file has a row"),
        why=Text("空文件会撤掉该来源的所有行", "An empty one would take away all rows of its source"),
        remedy=Text("核对导出条件后重发", "check how it was exported and send it again"),
        example="只有表头的CSV",
        reason=Text("没有任何行", "it has no row"),
    ),
    Rule(
        id="L02", name="elsewhere", severity=Severity.LOAD, check=_elsewhere,
        asks=Text("多数行在辖区附近", "Most rows lie near the ladder"),
        why=Text("整份文件属于别处，或坐标系不对", "The file belongs elsewhere, or its coordinate system is another one"),
        remedy=Text("核对文件；用crs写明坐标系", "bring the right file, or say crs = ... in the recipe"),
        example="邻市的监控表",
        reason=Text("{of}行中有{n}行在辖区{km:g}公里以外", "{n} of its {of} rows lie more than {km:g} km outside the ladder"),
    ),
    _read(
        3, "no_crs", Text("文件或导入说明写明坐标系", "The file or its recipe says the coordinate system"),
        Text("不知坐标系就不知位置", "Without it nobody knows where anything is"),
        Text("在导入说明中写crs", 'write crs = "EPSG:4490" (or its own) in the recipe'), "缺少 .prj 的Shapefile", "etl.clean",
    ),
    _read(
        4, "unknown_datum", Text("坐标系有公开的转换参数", "The datum has parameters that are public"),
        Text("北京54、西安80直接当作CGCS2000会偏数十至上百米，且不报错", "Taken as CGCS2000, Beijing 54 and Xi'an 80 are off by tens of metres, silently"),
        Text("请提供CGCS2000成果", "ask for the data in CGCS2000"), "EPSG:2362 (Xi'an 1980)", "etl.shapes",
    ),
    _read(
        5, "axes_swapped", Text("先经度后纬度", "Longitude comes first"),
        Text("横纵颠倒的点落在国外", "Swapped, every point lies abroad"),
        Text("在导入说明中写axes", 'say axes = "lat lon" in the recipe'), "30.25, 120.12", "etl.shapes",
    ),
    _read(
        6, "no_degrees", Text("经纬度以度为单位", "Geographic coordinates are degrees"),
        Text("投影坐标被当作度，位置全错", "Metres were taken for degrees"),
        Text("在导入说明中写crs", 'say their crs = "EPSG:..." in the recipe'), "509629, 3342288", "etl.shapes",
    ),
    _read(
        7, "no_shapes", Text("文件带有几何图形或坐标列", "The file has shapes, or columns with coordinates"),
        Text("只有属性表，没有位置", "It is the table without the map"),
        Text("导出图层而不是属性表", "export the map layer, not its table"), "只有 .dbf", "etl.clean",
    ),
    _read(
        8, "no_column", Text("必填字段各有对应的列", "Every required field has a column"),
        Text("可能选错了专题或表", "Perhaps another theme or sheet is meant"),
        Text("选对专题，或在[fields]中写明对应", "give the right --theme, or write [fields] in the recipe"), "监控表没有“设备编码”列", "etl.headers",
    ),
    _read(
        9, "older", Text("数据不早于该来源已有的数据", "Data are not older than what their source has"),
        Text("旧数据会覆盖新数据", "Old data would overwrite new ones"),
        Text("使用新数据，或用--as-of写明日期", "bring newer data, give --as-of, or name another source in the recipe"),
        "十月的表在十一月的之后导入", "etl.pipeline",
    ),
)  # fmt: skip
