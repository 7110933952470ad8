"""Grids (网格) and micro-grids: the smallest ground that somebody is responsible for."""

from layers._audit import STANDARDS
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Between, Count, Format, Indicator, Is, Passes, Reading, Share, Sum, UnitsHaving
from layers._rules import AtMost
from layers._text import Text
from layers._theme import Geometry, Role, Rung, Style, Theme

_GRID = (Is("level", ("grid",)),)
_GENERAL = (*_GRID, Is("sort", ("general",)))

THEME = Theme(
    name="grids",
    title=Text("网格", "Grids"),
    about=Text("村社区以下的网格与微网格", "Grids and micro-grids below the village"),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.GROUND,
    fresh_days=(400, 800),
    order=20,
    rung=Rung(population="population", households="households"),
    fields=(
        Field(
            name="code",
            title=Text("网格编码", "Grid code"),
            kind=Kind.CODE,
            required=True,
            known_as=("网格代码", "网格编号", "WGBM", "WGDM", "GRID_CODE", "GRIDCODE", "编码"),
        ),
        Field(
            name="name",
            title=Text("网格名称", "Grid name"),
            required=True,
            known_as=("名称", "WGMC", "GRID_NAME", "NAME"),
        ),
        Field(
            name="level",
            title=Text("网格层级", "Grid level"),
            kind=Kind.CHOICE,
            choices=(
                Choice("grid", Text("网格", "Grid"), ("基础网格", "全科网格", "1")),
                Choice("microgrid", Text("微网格", "Micro-grid"), ("微格", "2")),
            ),
            known_as=("层级", "WGCJ", "LEVEL"),
        ),
        Field(
            name="parent",
            title=Text("所属编码", "Parent code"),
            kind=Kind.CODE,
            known_as=("所属村社区代码", "所属村代码", "所属网格", "上级编码", "SSCDM", "PCODE"),
        ),
        Field(
            name="sort",
            title=Text("网格类型", "Kind of grid"),
            kind=Kind.CHOICE,
            choices=(
                Choice("general", Text("全科网格", "General"), ("综合网格",)),
                Choice("special", Text("专属网格", "Special"), ("专属",)),
            ),
            known_as=("类型", "WGLX", "TYPE"),
        ),
        Field(
            name="population",
            title=Text("人口", "Population"),
            kind=Kind.INTEGER,
            unit="人",
            minimum=0,
            known_as=("常住人口", "人口数", "RKS", "POP"),
        ),
        Field(
            name="households",
            title=Text("户数", "Households"),
            kind=Kind.INTEGER,
            unit="户",
            minimum=0,
            known_as=("总户数", "HS", "HH"),
        ),
        Field(
            name="staff",
            title=Text("网格员数", "Grid staff"),
            kind=Kind.INTEGER,
            unit="人",
            minimum=0,
            known_as=("网格员", "专职网格员数", "WGYS", "STAFF"),
        ),
    ),
    rules=(AtMost(small="households", large="population"),),
    style=Style(role=Role.BORDER, rows_from_zoom=11),
    indicators=(
        Indicator(
            name="count",
            title=Text("网格数", "Grids"),
            measure=Count(where=_GRID),
            says=Text("网格个数（不含微网格）", "Number of grids, micro-grids left out"),
            unit=Text("个", "grids"),
            higher_is_better=None,
        ),
        Indicator(
            name="staff",
            title=Text("网格员数", "Grid staff"),
            measure=Sum("staff", where=_GRID),
            says=Text("网格员人数之和", "Grid staff, added up"),
            unit=Text("人", "people"),
        ),
        Indicator(
            name="villages",
            title=Text("网格化村占比", "Villages with grids"),
            format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_GRID, rural=True),
            says=Text("村界内至少有一个网格的行政村占比", "Administrative villages with at least one grid"),
        ),
        Indicator(
            name="staffed",
            title=Text("网格配员率", "Staffed grids"),
            format=Format.PERCENT,
            measure=Share(where=(Between("staff", low=1),), among=_GRID),
            says=Text("至少有一名网格员的网格占比", "Grids with at least one member of staff, of all grids"),
        ),
        Indicator(
            name="standard",
            title=Text("全科网格达标率", "Standard grids"),
            format=Format.PERCENT,
            measure=Passes(STANDARDS["default"], among=_GENERAL),
            says=Text(
                "通过网格审计的全科网格占比：边界不重叠不越界、单块，编码名称归属正确，至少1名网格员，30—500户",
                "General grids that pass the audit: ground of their own, right code, name and parent, staff, 30 to 500 households",
            ),
            strict=Reading(
                Passes(STANDARDS["strict"], among=_GENERAL),
                Text(
                    "另要求界线与邻格吻合、人口户数齐全合理、70—100户、约1平方公里（温岭、崇明案例）",
                    "The same, and borders that match, plausible people, 70 to 100 households, about 1 km² (Wenling, Chongming)",
                ),
            ),
            loose=Reading(
                Passes(STANDARDS["loose"], among=_GENERAL),
                Text("编码名称归属正确、至少1名网格员的全科网格占比", "General grids with right code, name and parent, and staff"),
            ),
        ),
        Indicator(
            name="sized",
            title=Text("网格规模适度率", "Grids of proper size"),
            format=Format.PERCENT,
            measure=Share(where=(Between("households", low=30, high=500),), among=_GRID),
            says=Text("户数在 30—500 户之间的网格占比", "Grids of 30 to 500 households, of all grids"),
            strict=Reading(
                Share(where=(Between("households", low=70, high=100),), among=_GRID),
                Text("户数在 70—100 户之间的网格占比（温岭案例）", "Grids of 70 to 100 households (the case of Wenling), of all grids"),
            ),
            loose=Reading(
                Share(where=(Between("households", low=1, high=1000),), among=_GRID),
                Text("户数有登记且不超过 1000 户的网格占比", "Grids with households on record, 1,000 at most, of all grids"),
            ),
        ),
    ),
)
