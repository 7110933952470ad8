"""Village services (村级服务设施): party service centres, counters, shops, clinics, rooms and squares of the villages."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, UnitsHaving, Where
from layers._tables import OPEN_STATES, amount, code, day, named
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_OPEN = Is("state", ("open",))

# 一站、两市、六室（院）、一广场: the ten facilities of every village (庄浪县, 三、6).
_TEN = ("counter", "shop", "farm_shop", "clinic", "police_room", "library", "sports", "oversight", "elders", "square")


def _of(*sorts: str) -> Where:
    return (Is("sort", sorts), _OPEN)


def _villages(name: str, zh: str, en: str, what_zh: str, what_en: str, *sorts: str) -> Indicator:
    return Indicator(
        name=name, title=Text(zh, en), format=Format.PERCENT,
        measure=UnitsHaving(level="village", where=_of(*sorts), rural=True),
        says=Text(f"村界内至少有一处在用{what_zh}的行政村占比", f"Administrative villages with {what_en} in use inside their boundary"),
    )  # fmt: skip


THEME = Theme(
    name="services",
    title=Text("村级服务设施", "Village services"),
    about=Text("党群服务中心、便民服务站、超市、卫生室、活动室与快递点等", "Party service centres, counters, shops, clinics, rooms and parcel points"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SERVICE,
    order=52,
    fields=(
        code("code", "设施编号", "Service number", "阵地编号"),
        named("设施名称", "Service", "阵地名称"),
        Field(
            name="sort", title=Text("设施类别", "Kind"), kind=Kind.CHOICE, required=True, known_as=("阵地类别",),
            choices=(
                Choice("party_centre", Text("党群服务中心", "Party service centre"), ("党群中心",)),
                Choice("counter", Text("便民服务站", "Service counter"), ("便民服务点", "便民服务中心")),
                Choice("online", Text("网上服务站点", "Online counter"), ("网上服务站",)),
                Choice("shop", Text("便民超市", "Shop")),
                Choice("farm_shop", Text("农资超市", "Farm shop")),
                Choice("clinic", Text("卫生室", "Clinic"), ("村卫生室",)),
                Choice("police_room", Text("警务（民事调解）室", "Police and mediation room"), ("民事调解室", "警务调解室")),
                Choice("library", Text("图书阅览室", "Reading room"), ("农家书屋",)),
                Choice("sports", Text("文体活动室", "Activity room")),
                Choice("oversight", Text("村务监督室", "Oversight room")),
                Choice("elders", Text("互助老人幸福院", "Elders' home"), ("幸福院",)),
                Choice("square", Text("室外活动广场", "Square"), ("文化广场",)),
                Choice("info", Text("益农信息社", "Farm information post")),
                Choice("sanitation", Text("环境卫生管理工作站", "Sanitation station"), ("环卫工作站",)),
                Choice("parcel", Text("快递物流服务点", "Parcel point"), ("快递网点", "快递点")),
            ),
        ),
        Field(name="state", title=Text("设施状态", "State"), kind=Kind.CHOICE, required=True, choices=OPEN_STATES, known_as=("运行状态",)),
        day("opened", "启用日期", "Opened", "投用日期"),
        amount("floor", "设施面积", "Floor area", "m²"),
    ),
    style=Style(
        role=Role.ROSE, by="sort", rows_from_zoom=13,
        roles={"party_centre": Role.BAD, "counter": Role.BLUE, "online": Role.BLUE, "shop": Role.AMBER, "farm_shop": Role.AMBER,
               "clinic": Role.GREEN, "police_room": Role.TEAL, "library": Role.VIOLET, "sports": Role.VIOLET, "square": Role.VIOLET,
               "parcel": Role.EARTH, "info": Role.EARTH, "oversight": Role.ROAD, "elders": Role.GREEN, "sanitation": Role.GREEN},
    ),
    indicators=(
        Indicator(
            name="count", title=Text("村级服务设施数", "Village services"), measure=Count(where=(_OPEN,)),
            says=Text("在用的村级服务设施数", "Services in use"), unit=Text("处", "places"),
        ),
        _villages("party_centres", "党群服务中心覆盖率", "Villages with a party service centre", "党群服务中心", "a party service centre", "party_centre"),
        Indicator(
            name="counters", title=Text("便民与网上服务站覆盖率", "Villages with both counters"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", all_of=(_of("counter"), _of("online")), rural=True),
            says=Text("便民服务站与网上服务站点都在用的行政村占比", "Administrative villages with a service counter and an online counter in use"),
        ),
        Indicator(
            name="ten", title=Text("一站两市六室一广场达标率", "Villages with all ten facilities"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", all_of=tuple(_of(each) for each in _TEN), rural=True),
            says=Text("一站、两市、六室（院）、一广场十项设施齐全的行政村占比", "Administrative villages with all ten facilities: counter, two shops, six rooms, square"),
        ),
        _villages("info_posts", "益农信息社覆盖率", "Villages with a farm information post", "益农信息社", "a farm information post", "info"),
        _villages("sanitation", "环卫工作站覆盖率", "Villages with a sanitation station", "环境卫生管理工作站", "a sanitation station", "sanitation"),
        _villages("parcels", "快递网点覆盖率", "Villages with a parcel point", "快递物流服务点", "a parcel point", "parcel"),
        Indicator(
            name="parcel_points", title=Text("快递物流服务点数", "Parcel points"), measure=Count(where=_of("parcel")),
            says=Text("在用的快递物流服务点数", "Parcel points in use"), unit=Text("个", "points"),
        ),
    ),
)  # fmt: skip
