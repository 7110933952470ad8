"""Titles (创建名录): which village, town or county bears which title, of which grade."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Together, UnitsHaving
from layers._tables import code, day, named
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_VALID = Is("state", ("valid",))


def _bearing(sort: str, *grades: str) -> tuple[Is, ...]:
    found = (Is("sort", (sort,)), _VALID)
    return (*found, Is("grade", grades)) if grades else found


def _number(name: str, zh: str, en: str, sort: str, *grades: str) -> Indicator:
    return Indicator(
        name=name, title=Text(f"{zh}数", en), measure=Count(where=_bearing(sort, *grades)), unit=Text("个", ""),
        says=Text(f"名录中有效的{zh}数", f"{en} on the register that are valid"),
    )  # fmt: skip


THEME = Theme(
    name="titles",
    title=Text("创建名录", "Titles"),
    about=Text("文明、法治、善治、旅游、非遗等称号的村、镇、县名录", "Villages, towns and counties that bear a title"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="of",
    group=Group.REPORT,
    order=86,
    fields=(
        code("code", "称号编号", "Title number", "名录编号"),
        named("称号名称", "Title", "称号全称"),
        code("of", "获称单位代码", "Unit that bears it", "获称单位", "创建单位代码"),
        Field(
            name="sort", title=Text("称号类别", "Kind"), kind=Kind.CHOICE, required=True, known_as=("创建类别",),
            choices=(
                Choice("law_village", Text("民主法治示范村", "Villages of democracy and law")),
                Choice("civilised_village", Text("文明村", "Civilised villages"), ("文明村庄",)),
                Choice("civilised_town", Text("文明镇", "Civilised towns"), ("文明乡镇", "文明村镇")),
                Choice("good_rule", Text("善治示范村", "Villages of good rule")),
                Choice("branch", Text("过硬党支部", "Strong party branches"), ("过硬党支部示范点",)),
                Choice("council", Text("村级议事协商示范点", "Model councils")),
                Choice("model_town", Text("乡村治理示范乡镇", "Model towns of governance")),
                Choice("model_village", Text("乡村治理示范村", "Model villages of governance")),
                Choice("scenic", Text("景区村庄", "Scenic villages"), ("A级景区村庄",)),
                Choice("tourism_cluster", Text("乡村旅游产业集聚区", "Tourism clusters")),
                Choice("tourism_zone", Text("乡村全域旅游示范区", "Tourism zones")),
                Choice("heritage_town", Text("非遗小镇", "Heritage towns")),
                Choice("heritage_base", Text("农村非遗体验基地", "Heritage bases"), ("非遗体验基地",)),
                Choice("folk_village", Text("民俗文化村", "Folk villages")),
            ),
        ),
        Field(
            name="grade", title=Text("称号级别", "Grade"), kind=Kind.CHOICE, required=True, known_as=("命名级别",),
            choices=(
                Choice("national", Text("国家级", "National"), ("全国",)),
                Choice("province", Text("省级", "Provincial"), ("省",)),
                Choice("city", Text("市级", "Municipal"), ("市",)),
                Choice("county", Text("县级", "County"), ("县", "区县级")),
            ),
        ),
        Field(
            name="state", title=Text("称号状态", "State"), kind=Kind.CHOICE, required=True,
            choices=(Choice("valid", Text("有效", "Valid"), ("保留",)), Choice("revoked", Text("撤销", "Revoked"), ("取消", "失效"))),
        ),
        day("granted", "命名日期", "Granted", "命名时间"),
    ),
    style=Style(
        role=Role.ROSE, by="grade", rows_from_zoom=11,
        roles={"national": Role.BAD, "province": Role.ROSE, "city": Role.AMBER, "county": Role.TEAL},
    ),
    indicators=(
        Indicator(
            name="civilised", title=Text("文明村镇占比", "Civilised villages and towns"), format=Format.PERCENT,
            measure=Together((
                UnitsHaving(level="town", where=_bearing("civilised_town"), own=True),
                UnitsHaving(level="village", where=_bearing("civilised_village"), own=True),
            )),
            says=Text("县级以上文明村、文明镇占全部村（社区）、乡镇（街道）的比例", "Villages and towns titled civilised by a county or higher, of all villages and towns"),
        ),
        _number("law_province", "省级民主法治示范村", "Villages of democracy and law, provincial", "law_village", "national", "province"),
        _number("law_city", "市级民主法治示范村", "Villages of democracy and law, municipal", "law_village", "city"),
        _number("good_rule", "省级善治示范村", "Villages of good rule, provincial", "good_rule", "national", "province"),
        _number("branch_city", "市级过硬党支部", "Strong party branches, municipal", "branch", "city"),
        _number("branch_county", "县级过硬党支部", "Strong party branches, county", "branch", "county"),
        _number("councils", "村级议事协商示范点", "Model councils", "council"),
        _number("model_towns", "市级乡村治理示范乡镇", "Model towns of governance, municipal", "model_town", "national", "province", "city"),
        Indicator(
            name="towns_with_model", title=Text("有治理示范村乡镇占比", "Towns with a model village"), format=Format.PERCENT,
            measure=UnitsHaving(level="town", where=_bearing("model_village")),
            says=Text("至少有一个乡村治理示范村的乡镇占比", "Towns with a model village of governance"),
        ),
        _number("scenic", "景区村庄", "Scenic villages", "scenic"),
        _number("tourism_clusters", "省级乡村旅游产业集聚区", "Tourism clusters, provincial", "tourism_cluster", "province"),
        _number("tourism_zones", "市级乡村全域旅游示范区", "Tourism zones, municipal", "tourism_zone", "city"),
        _number("heritage_towns", "非遗小镇", "Heritage towns", "heritage_town"),
        _number("heritage_bases", "农村非遗体验基地", "Heritage bases", "heritage_base"),
        _number("folk_villages", "民俗文化村", "Folk villages", "folk_village"),
    ),
)  # fmt: skip
