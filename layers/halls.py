"""Cultural halls (文化礼堂): where a village meets."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Between, Count, Format, Indicator, Is, Reached, Reading, Share, UnitsHaving
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_OPEN = (Is("state", ("open",)),)

THEME = Theme(
    name="halls",
    title=Text("文化礼堂", "Cultural halls"),
    about=Text("农村文化礼堂的位置、星级与使用情况", "Rural cultural halls with their stars and use"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SERVICE,
    order=40,
    on=True,
    fields=(
        Field(
            name="code",
            title=Text("礼堂编号", "Hall number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "文化礼堂编号", "LTBH", "BH", "id", "ID"),
        ),
        Field(
            name="name",
            title=Text("礼堂名称", "Name"),
            required=True,
            known_as=("名称", "文化礼堂名称", "LTMC", "MC", "NAME"),
        ),
        Field(
            name="star",
            title=Text("星级", "Stars"),
            kind=Kind.CHOICE,
            choices=(
                Choice("five", Text("五星", "Five"), ("五星级", "5", "★★★★★")),
                Choice("four", Text("四星", "Four"), ("四星级", "4", "★★★★")),
                Choice("three", Text("三星", "Three"), ("三星级", "3", "★★★")),
                Choice("none", Text("未评星", "None"), ("无", "0", "未评定")),
            ),
            known_as=("礼堂星级", "评定星级", "XJ"),
        ),
        Field(
            name="state",
            title=Text("使用状态", "State"),
            kind=Kind.CHOICE,
            required=True,
            choices=(
                Choice("open", Text("开放", "Open"), ("正常", "使用中", "开放使用")),
                Choice("building", Text("在建", "Being built"), ("建设中",)),
                Choice("closed", Text("停用", "Closed"), ("关闭", "闲置")),
            ),
            known_as=("状态", "使用情况", "ZT"),
        ),
        Field(name="built", title=Text("建成时间", "Built"), kind=Kind.DATE, known_as=("建成日期", "JCSJ")),
        Field(
            name="floor",
            title=Text("建筑面积", "Floor area"),
            kind=Kind.NUMBER,
            unit="m²",
            minimum=0,
            known_as=("面积", "JZMJ"),
        ),
        Field(
            name="seats",
            title=Text("座位数", "Seats"),
            kind=Kind.INTEGER,
            unit="座",
            minimum=0,
            known_as=("席位", "ZWS"),
        ),
        Field(
            name="events",
            title=Text("年活动场次", "Events a year"),
            kind=Kind.INTEGER,
            unit="场",
            minimum=0,
            known_as=("活动场次", "HDCC"),
        ),
        Field(name="address", title=Text("地址", "Address"), known_as=("详细地址", "DZ")),
        Field(
            name="serves",
            title=Text("服务村代码", "Villages served"),
            known_as=("服务村", "服务村编码", "辐射村代码", "FWCDM"),
        ),
    ),
    style=Style(
        role=Role.VIOLET,
        by="state",
        roles={"open": Role.VIOLET, "building": Role.AMBER, "closed": Role.QUIET},
        rows_from_zoom=11,
    ),
    indicators=(
        Indicator(
            name="count",
            title=Text("文化礼堂数", "Cultural halls"),
            measure=Count(where=_OPEN),
            says=Text("开放使用的文化礼堂数", "Halls that are open"),
            unit=Text("座", "halls"),
        ),
        Indicator(
            name="villages",
            title=Text("500人以上村礼堂覆盖率", "Villages of 500 with a hall"),
            format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_OPEN, people_from=500),
            says=Text(
                "人口500人以上的村中，村界内至少有一座开放礼堂的村占比",
                "Villages of 500 people or more with an open hall inside their boundary",
            ),
            strict=Reading(
                UnitsHaving(level="village", where=_OPEN),
                Text("不论人口，村界内至少有一座开放礼堂的村占比", "Villages with an open hall inside their boundary, however few people"),
            ),
            loose=Reading(
                UnitsHaving(level="village", where=_OPEN, people_from=500, within=1000),
                Text("人口500人以上的村中，村内或村界外1公里内有开放礼堂的村占比", "Villages of 500 people or more with an open hall inside or within 1 km of their boundary"),
            ),
        ),
        Indicator(
            name="villages_registered",
            title=Text("户籍500人以上村礼堂覆盖率", "Villages of 500 registered with a hall"),
            format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_OPEN, people_from=500, people="registered"),
            says=Text(
                "户籍人口500人以上的村中，村界内至少有一座开放礼堂的村占比",
                "Villages of 500 registered people or more with an open hall inside their boundary",
            ),
        ),
        Indicator(
            name="within_1km",
            title=Text("500人以上村1公里内礼堂覆盖率", "Villages of 500 with a hall within 1 km"),
            format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_OPEN, people_from=500, within=1000),
            says=Text(
                "人口500人以上的村中，村界内或距村界1公里内至少有一座开放礼堂的村占比",
                "Villages of 500 people or more with an open hall inside their boundary or within 1 km of it",
            ),
        ),
        Indicator(
            name="served",
            title=Text("500人以上村礼堂服务率", "Villages of 500 served by a hall"),
            format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_OPEN, people_from=500, named_by="serves"),
            says=Text(
                "人口500人以上的村中，村内有开放礼堂或列入某座开放礼堂服务村的村占比",
                "Villages of 500 people or more with an open hall, or named by one as a village that it serves",
            ),
        ),
        Indicator(
            name="reached",
            title=Text("礼堂1公里可达户数占比", "Households within 1 km of a hall"),
            format=Format.PERCENT,
            measure=Reached(metres=1000, where=_OPEN),
            says=Text(
                "距开放礼堂1公里以内（直线距离）的户数占比；户数按最小单位面积均摊",
                "Households within 1 km of an open hall as the crow flies; spread evenly over the finest units",
            ),
            strict=Reading(
                Reached(metres=500, where=_OPEN),
                Text("距开放礼堂500米以内（直线距离）的户数占比；户数按最小单位面积均摊", "Households within 500 m of an open hall; spread evenly over the finest units"),
            ),
            loose=Reading(
                Reached(metres=2000, where=_OPEN),
                Text("距开放礼堂2公里以内（直线距离）的户数占比；户数按最小单位面积均摊", "Households within 2 km of an open hall; spread evenly over the finest units"),
            ),
        ),
        Indicator(
            name="lively",
            title=Text("礼堂每月有活动占比", "Halls with events every month"),
            format=Format.PERCENT,
            measure=Share(where=(Between("events", low=12),), among=_OPEN),
            says=Text("年活动12场以上的礼堂占开放礼堂的比例", "Halls with twelve events a year or more, of those open"),
        ),
        Indicator(
            name="starred",
            title=Text("星级礼堂占比", "Starred halls"),
            format=Format.PERCENT,
            measure=Share(where=(Is("star", ("five", "four", "three")),), among=_OPEN),
            says=Text("三星及以上礼堂占开放礼堂的比例", "Halls of three stars or more, of those open"),
        ),
    ),
)
