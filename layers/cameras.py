"""Public-space cameras (雪亮工程): where they stand, what they see, and whether they work."""

from layers._archive import FIELDS
from layers._group import Group
from layers._indicator import Assumed, Count, Density, Format, Indicator, Is, NearBlind, Per, Reading, SeenGround, Share
from layers._rules import Claims, DeviceCode, Never
from layers._text import Text
from layers._theme import Geometry, Role, Sight, Style, Theme

_REMOVED, _ONLINE = Is("status", ("removed",)), Is("online", ("online",))
_NETWORKED = (Is("networked", ("networked",)),)
_STANDING = (Is("status", ("in_use", "repair")),)
_EFFECTIVE = (Is("status", ("in_use",)), Is("online", ("online",)), Is("networked", ("networked",)))

THEME = Theme(
    name="cameras",
    title=Text("监控点位", "Cameras"),
    about=Text("雪亮工程公共区域视频监控（一机一档）", "Public-space video surveillance, one archive a camera"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SIGHT,
    fresh_days=(45, 90),
    order=30,
    on=True,
    live="online",
    sight=Sight(
        azimuth="azimuth",
        angle="angle",
        far="distance",
        height="height",
        tilt="tilt",
        vertical="vertical",
        pixels="pixels",
        pixels_by="definition",
        pixels_of={"hd": 1920, "sd": 704},  # 1080p, and D1 (4CIF) of GB/T 28181
        standing=_STANDING,
        ring=(Is("shape", ("dome", "half_dome")),),
        effective=_EFFECTIVE,
    ),
    fields=FIELDS,
    rules=(
        Claims(field="district"),
        DeviceCode(field="code", types={"131": Text("摄像机", "camera"), "132": Text("网络摄像机", "IP camera")}),
        Never(where=(_REMOVED, _ONLINE), says=Text("已拆除的点位却在线", "it was removed and is online")),
        Never(where=(Is("networked", ("alone",)), _ONLINE), says=Text("未联网的点位却在线", "it is not networked and is online")),
    ),
    style=Style(
        role=Role.TEAL,
        by="online",
        roles={"online": Role.GOOD, "offline": Role.BAD},
        rest=Text("未联网或状态不明", "Not networked, or unknown"),
        rows_from_zoom=13,
        heat=True,
    ),
    indicators=(
        Indicator(
            name="count",
            title=Text("监控点位数", "Cameras"),
            measure=Count(where=_STANDING),
            says=Text("未拆除的监控点位数", "Cameras that have not been removed"),
            unit=Text("个", "cameras"),
        ),
        Indicator(
            name="online",
            title=Text("在线率", "Online rate"),
            format=Format.PERCENT,
            measure=Share(where=(Is("online", ("online",)),), among=_STANDING),
            says=Text("在线点位占未拆除点位的比例", "Cameras online, of those not removed"),
            strict=Reading(
                Share(where=_EFFECTIVE, among=_STANDING),
                Text("在用、在线且联网的点位占未拆除点位的比例", "Cameras in use, online and networked, of those not removed"),
            ),
            loose=Reading(
                Share(where=(_ONLINE,), among=(*_STANDING, *_NETWORKED)),
                Text("在线点位占已联网点位的比例", "Cameras online, of those that are networked"),
            ),
        ),
        Indicator(
            name="networked",
            title=Text("联网率", "Networked rate"),
            format=Format.PERCENT,
            measure=Share(where=(Is("networked", ("networked",)),), among=_STANDING),
            says=Text("已联网点位占未拆除点位的比例", "Cameras networked, of those not removed"),
            strict=Reading(
                Share(where=(*_NETWORKED, _ONLINE), among=_STANDING),
                Text("已联网且在线的点位占未拆除点位的比例", "Cameras networked and online, of those not removed"),
            ),
        ),
        Indicator(
            name="intact",
            title=Text("完好率", "Intact rate"),
            format=Format.PERCENT,
            measure=Share(where=(Is("status", ("in_use",)),), among=_STANDING),
            says=Text("设备状态为在用的点位占未拆除点位的比例", "Cameras in use, of those not removed"),
            strict=Reading(
                Share(where=(Is("status", ("in_use",)), _ONLINE), among=_STANDING),
                Text("在用且在线的点位占未拆除点位的比例", "Cameras in use and online, of those not removed"),
            ),
        ),
        Indicator(
            name="hd",
            title=Text("高清率", "HD rate"),
            format=Format.PERCENT,
            measure=Share(where=(Is("definition", ("hd",)),), among=_STANDING),
            says=Text("高清点位占未拆除点位的比例", "HD cameras, of those not removed"),
            loose=Reading(
                Share(where=(Is("definition", ("hd",)),), among=(*_STANDING, Is("definition", ("hd", "sd")))),
                Text("高清点位占清晰度有登记的点位的比例", "HD cameras, of those whose definition is on record"),
            ),
        ),
        Indicator(
            name="density",
            title=Text("每平方公里点位", "Cameras per km²"),
            format=Format.DECIMAL,
            measure=Density(per=Per.SQUARE_KM, where=_STANDING),
            says=Text("未拆除点位数除以辖区面积", "Cameras not removed, by the unit's ground"),
            unit=Text("个/km²", "/km²"),
        ),
        Indicator(
            name="per_thousand",
            title=Text("每千人点位", "Cameras per 1,000 people"),
            format=Format.DECIMAL,
            measure=Density(per=Per.THOUSAND_PEOPLE, where=_STANDING),
            says=Text("未拆除点位数除以人口（千人）", "Cameras not removed, by thousands of people"),
            unit=Text("个/千人", "/1,000"),
        ),
        Indicator(
            name="ground",
            title=Text("可视面积占比", "Ground seen"),
            format=Format.PERCENT,
            measure=SeenGround(effective=False),
            says=Text(
                "全部点位可视扇形并集占辖区面积的比例（已导入建筑物的地方扣除遮挡）",
                "Union of the sights of all cameras, of the unit's ground; cut by buildings where they are loaded",
            ),
        ),
        Indicator(
            name="ground_effective",
            title=Text("有效可视面积占比", "Ground seen now"),
            format=Format.PERCENT,
            measure=SeenGround(effective=True),
            says=Text(
                "在用、在线且联网点位可视扇形并集占辖区面积的比例",
                "Union of the sights of cameras in use, online and networked, of the unit's ground",
            ),
        ),
        Indicator(
            name="ground_recognise",
            title=Text("可识别面积占比", "Ground where people are recognised"),
            format=Format.PERCENT,
            measure=SeenGround(purpose="recognise"),
            says=Text(
                "画面达到每米125像素（IEC 62676-4 识别）的可视扇形并集占辖区面积的比例，全部点位",
                "Union of the sights with 125 pixels a metre (IEC 62676-4, recognise), of the unit's ground, all cameras",
            ),
        ),
        Indicator(
            name="ground_twice",
            title=Text("重复覆盖面积占比", "Ground seen twice"),
            format=Format.PERCENT,
            measure=SeenGround(least=2),
            says=Text(
                "至少被两个点位看到的面积占辖区面积的比例，全部点位",
                "Ground that two cameras or more see, of the unit's ground, all cameras counted",
            ),
            higher_is_better=None,
        ),
        Indicator(
            name="near_blind",
            title=Text("盲点200米内户数占比", "Households near a blind spot"),
            format=Format.PERCENT,
            measure=NearBlind(metres=200),
            says=Text(
                "距看不到的出入口、主干路口200米以内的户数占比；户数按最小单位面积均摊，全部点位",
                "Households within 200 m of an entrance or main intersection that no camera sees; spread evenly over the finest units",
            ),
            higher_is_better=False,
        ),
        Indicator(
            name="assumed",
            title=Text("视域含假定的点位占比", "Cameras with an assumed sight"),
            format=Format.PERCENT,
            measure=Assumed(),
            says=Text(
                "方位、视场角、视距或近端盲区至少一项缺失而取假定值的点位占未拆除点位的比例",
                "Cameras of which azimuth, angle, distance or near limit had to be assumed, of those not removed",
            ),
            higher_is_better=False,
        ),
    ),
)
