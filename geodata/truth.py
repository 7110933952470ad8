"""Is what is shown true? Each part that could make a screen lie, looked at: green, amber or red, with the remedy."""

from __future__ import annotations

import gzip
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from geodata import features, loads, published, rows, statuses, tiles, units
from geodata.door import Door, Reader, Scope
from geodata.features import Asked
from geodata.turns import HEALTH
from layers import OneMapError, Theme, themes
from layers._text import Text

GOOD, WATCH, BAD = "good", "watch", "bad"

CLOCK_S = 2.0
"""Seconds by which clocks may differ; a wall shows seconds."""

SLOW_S = 2.0
"""Seconds after which a store or a tile is slow."""

ZOOM = 10
"""Zoom of the tile that is looked at."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it stands.

    Parameters
    ----------
    name : str
        "store", "replica 1", "fresh.cameras" …
    title : Text
    state : {'good', 'watch', 'bad'}
    fact : Text
    remedy : Text
        Empty where all is well.
    """

    name: str
    title: Text
    state: str
    fact: Text
    remedy: Text = Text("", "")


def checks(door: Door, pushed: bool, now: datetime | None = None) -> list[Check]:
    """Everything that can be looked at from the server.

    Parameters
    ----------
    door : Door
    pushed : bool
        Whether this process hears of new loads (`geodata.notices`).
    now : datetime, optional

    Returns
    -------
    list of Check
        One that cannot be looked at is bad, and says why; the others are looked at all the same.
    """
    moment = now or datetime.now(UTC)
    made: list[Check] = []
    looks: list[tuple[str, Text, Callable[[Reader], Iterator[Check]]]] = [
        ("store", Text("数据库", "Store"), lambda reader: _store(reader, moment)),
        ("loads", Text("最近入库", "Last load"), _last_load),
        ("fresh", Text("数据时效", "Freshness"), lambda reader: _freshness(reader, moment.date())),
        ("tiles", Text("地图瓦片", "Tiles"), _tile),
        ("numbers", Text("数字核对", "Numbers"), _numbers),
        ("feed", Text("状态接入", "Status feed"), _feed),
    ]
    for name, title, look in looks:
        try:
            made += door.ask(lambda reader, look=look: list(look(reader)), Scope(), HEALTH)  # type: ignore[misc]
        except OneMapError as problem:
            made.append(Check(name, title, BAD, Text(f"无法检查：{problem}", str(problem)), Text("运行 ./onemap doctor", "run ./onemap doctor")))
    return [*made, *_replicas(door), _push(pushed)]


def _store(reader: Reader, now: datetime) -> Iterator[Check]:
    began = time.perf_counter()
    found = reader.value("SELECT clock_timestamp()")
    took, off = time.perf_counter() - began, abs((found - now).total_seconds())
    slow = took > SLOW_S
    yield Check("store", Text("数据库", "Store"), WATCH if slow else GOOD, Text(f"{1000 * took:.1f} 毫秒内应答", f"answered in {1000 * took:.1f} ms"),
                Text("查看服务器负载：./onemap doctor", "look at the server's load: ./onemap doctor") if slow else Text("", ""))  # fmt: skip
    late = off > CLOCK_S + took
    yield Check("clock", Text("服务器与数据库时钟", "Clocks of server and store"), BAD if late else GOOD,
                Text(f"相差 {off:.1f} 秒", f"{off:.1f} s apart"), Text("在两台机器上启用 NTP 校时", "set both by NTP") if late else Text("", ""))  # fmt: skip


def _last_load(reader: Reader) -> Iterator[Check]:
    title = Text("最近入库", "Last load")
    found = loads.ledger(reader, 1)
    if not found:
        yield Check("loads", title, BAD, Text("尚无入库记录", "nothing has been loaded"), Text("运行 ./onemap load 入库", "run ./onemap load"))
        return
    last = found[0]
    name = themes()[last.theme].title if last.theme in themes() else Text(last.theme, last.theme)
    when = f"{last.finished:%Y-%m-%d %H:%M}" if last.finished else "—"
    many = last.share_set_aside > 0.05
    yield Check("loads", title, WATCH if many else GOOD,
                Text(f"第 {last.id} 次：{name.zh} {last.file}，{when}，{last.rows_in:,} 行，待改 {last.set_aside:,} 行",
                     f"load {last.id}: {name.en.lower()} {last.file}, {when}, {last.rows_in:,} rows, {last.set_aside:,} set aside"),
                Text("请发布单位修改待改的行：./onemap set-aside", "have the rows mended: ./onemap set-aside") if many else Text("", ""))  # fmt: skip


def aged(theme: Theme, day: date, today: date) -> str:
    """How data of a day stand to the limits of their theme."""
    age = (today - day).days
    amber, red = theme.fresh_days
    return BAD if age > red else WATCH if age > amber else GOOD


def _freshness(reader: Reader, today: date) -> Iterator[Check]:
    for name, load in loads.freshness(reader).items():
        if name not in themes():
            continue
        theme = themes()[name]
        state, age = aged(theme, load.as_of, today), (today - load.as_of).days
        title = Text(f"数据时效 · {theme.title.zh}", f"Freshness · {theme.title.en}")
        remedy = Text(f"请{load.publisher or '发布单位'}提供新数据", f"ask {load.publisher or 'the publisher'} for newer data")
        fact = Text(f"数据截至 {load.as_of}，{age} 天前；超过 {theme.fresh_days[0]} 天提醒", f"as of {load.as_of}, {age} days ago; limit {theme.fresh_days[0]} days")
        yield Check(f"fresh.{name}", title, state, fact, Text("", "") if state == GOOD else remedy)


def _tile(reader: Reader) -> Iterator[Check]:
    home = units.home(reader)
    west, south, east, north = home.bounds
    lon, lat = (west + east) / 2, math.radians((south + north) / 2)
    x = int((lon + 180) / 360 * 2**ZOOM)
    y = int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**ZOOM)
    began = time.perf_counter()
    body = tiles.packed(reader, home.level, ZOOM, x, y)
    took = time.perf_counter() - began
    whole = bool(body) and len(gzip.decompress(body)) > 0
    state = BAD if not whole else WATCH if took > SLOW_S else GOOD
    fact = Text(f"{home.name}的瓦片 {len(body):,} 字节，{1000 * took:.0f} 毫秒", f"tile of {home.name}: {len(body):,} bytes in {1000 * took:.0f} ms")
    remedy = Text("运行 ./onemap rebuild 重做", "make them anew: ./onemap rebuild")
    yield Check("tiles", Text("地图瓦片", "Tiles"), state, fact, Text("", "") if state == GOOD else remedy)


def _numbers(reader: Reader) -> Iterator[Check]:
    """The numbers that cards show, beside a count of the rows themselves."""
    home = units.home(reader)
    shown = rows.counts(reader, home.code)
    held = published.held(reader)
    counted = {name: features.count(reader, published.collection(name), Asked(unit=home.code)) for name in shown if name in held}
    wrong = {name: (shown[name], n) for name, n in counted.items() if shown[name] != n}
    title = Text("数字核对", "Same number")
    if not wrong:
        yield Check("numbers", title, GOOD, Text(f"{home.name}：{len(counted)} 个专题的数与逐行清点一致", f"{home.name}: {len(counted)} themes, shown and counted alike"))
        return
    name, (says, n) = next(iter(wrong.items()))
    yield Check("numbers", title, BAD,
                Text(f"{themes()[name].title.zh}显示 {says:,}，逐行清点为 {n:,}", f"{themes()[name].title.en.lower()}: {says:,} are shown, {n:,} counted"),
                Text("运行 ./onemap check-aggregates 与 ./onemap rebuild", "run ./onemap check-aggregates and ./onemap rebuild"))  # fmt: skip


def _feed(reader: Reader) -> Iterator[Check]:
    found = reader.first("""SELECT max(at) AS at, count(*) AS n, count(*) FILTER (WHERE due OR NOT counted) AS waiting,
        clock_timestamp() - min(moved) FILTER (WHERE due OR NOT counted) > interval '60 seconds' AS late FROM onemap.statuses""") or {}
    title = Text("状态接入", "Status feed")
    if not found.get("n"):
        yield Check("feed", title, GOOD, Text("未接入", f"none is connected ({', '.join(statuses.live_themes())})"))
        return
    fact = Text(f"最近状态 {found['at']:%Y-%m-%d %H:%M:%S}，待统计 {found['waiting']:,} 个", f"newest {found['at']:%Y-%m-%d %H:%M:%S}, {found['waiting']:,} wait to be counted")
    remedy = Text("确认 ./onemap serve 在运行且未长时间入库", "see that ./onemap serve runs and no load holds it up")
    yield Check("feed", title, WATCH if found["late"] else GOOD, fact, remedy if found["late"] else Text("", ""))


def _replicas(door: Door) -> Iterator[Check]:
    for each in door.sources.replicas:
        standing, title = each.standing, Text(f"只读副本 {each.name.split()[-1]}", each.name.capitalize())
        lag = "—" if standing.lag_s is None else f"{standing.lag_s:.1f}"
        if standing.fact:
            yield Check(each.name, title, WATCH, Text(f"未参与应答：{standing.fact}", f"it answers nobody: {standing.fact}"),
                        Text("查看该机器上的数据库", "look at the store of that machine"))  # fmt: skip
        else:
            yield Check(each.name, title, GOOD, Text(f"落后 {lag} 秒", f"{lag} s behind"))


def _push(pushed: bool) -> Check:
    title = Text("实时推送", "Push")
    if pushed:
        return Check("push", title, GOOD, Text("已连接", "connected"))
    return Check("push", title, WATCH, Text("未连接，页面每 10 秒自行询问", "not connected; pages ask every ten seconds"), Text("数据库恢复后自动重连", "it connects by itself when the store is back"))
