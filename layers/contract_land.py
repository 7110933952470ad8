"""Contract land (承包地): parcels of farmland that households farm under contract; no names of contractors."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Is, Sum
from layers._rules import AreaOf
from layers._tables import amount, code, named, number, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_KEPT = ("farmed", "transferred")

THEME = Theme(
    name="contract_land",
    title=Text("承包地", "Contract land"),
    about=Text("农村承包地块的经营状态与承包户数，不含承包人", "Parcels under contract, how they are farmed and for how many households; no names"),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.AFFAIRS,
    order=57,
    fields=(
        code("code", "承包地块编码", "Parcel number", "承包地块代码", "CBDKBM"),
        named("承包地块名称", "Name", "承包地名称"),
        Field(
            name="state", title=Text("经营状态", "State"), kind=Kind.CHOICE, required=True, known_as=("状态", "经营方式"),
            choices=(
                Choice("farmed", Text("自营", "Farmed by its households"), ("自种", "家庭经营")),
                Choice("transferred", Text("流转", "Transferred"), ("已流转",)),
                Choice("idle", Text("撂荒", "Idle"), ("抛荒", "弃耕")),
            ),
        ),
        number("households", "承包户数", "Households", "户", "农户数"),
        amount("mu", "承包面积", "Area", "亩", "实测面积(亩)", "实测面积", "SCMJM"),
    ),
    rules=(AreaOf(field="mu"),),
    style=Style(role=Role.GREEN, by="state", roles={"farmed": Role.GREEN, "transferred": Role.TEAL, "idle": Role.AMBER}, rows_from_zoom=13),
    ledger=("households", "mu"),
    indicators=(
        Indicator(
            name="count", title=Text("承包地块数", "Parcels under contract"), measure=Count(), higher_is_better=None,
            says=Text("登记的承包地块数", "Parcels under contract on record"), unit=Text("块", "parcels"),
        ),
        Indicator(
            name="mu", title=Text("承包地面积", "Area under contract"), measure=Sum("mu"), format=Format.DECIMAL, higher_is_better=None,
            says=Text("登记面积之和", "Recorded area, added up"), unit=Text("亩", "mu"),
        ),
        share("kept", ("承包地耕种率", "Contract land that is farmed"), ("自营或流转（未撂荒）的承包地块占比", "Parcels that are farmed or transferred, not idle, of all"), (Is("state", _KEPT),)),
    ),
)  # fmt: skip
