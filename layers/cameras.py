"""Public-space cameras (雪亮工程): where they stand, what they see, and whether they work."""

from layers._camera_kinds import DEFINITIONS, FUNCTIONS, SHAPES, TIERS
from layers._field import Choice, Field, Kind
from layers._indicator import Count, Density, Format, Indicator, Is, Per, Reading, SeenGround, Share
from layers._rules import Claims, DeviceCode, Never
from layers._text import Text
from layers._theme import Geometry, Role, Sight, Style, Theme
from layers._vintages import ASKED_NETWORKED, FUNCTION_TYPE, PTZ_TYPE

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
    order=30,
    on=True,
    sight=Sight(
        azimuth="azimuth",
        angle="angle",
        far="distance",
        standing=_STANDING,
        ring=(Is("shape", ("dome", "half_dome")),),
        effective=_EFFECTIVE,
    ),
    # Field order and enumerations: the 27-column police template 一机一档 and GB/T 28181-2016 annex; where the two
    # disagree the archive's meaning stands here and the other belongs into a recipe's value mapping.
    fields=(
        Field(
            name="code",
            title=Text("设备编码", "Device code"),
            kind=Kind.CODE,
            required=True,
            pattern=r"\d{20}",
            known_as=("国标编码", "国标ID", "摄像机编码", "SBBM", "DEVICE_ID", "DeviceID"),
        ),
        Field(
            name="name",
            title=Text("设备名称", "Name"),
            required=True,
            known_as=("监控点名称", "点位名称", "摄像机名称", "SBMC", "NAME", "名称"),
        ),
        Field(
            name="district",
            title=Text("行政区域", "District code"),
            kind=Kind.CODE,
            known_as=("行政区划", "XZQY", "CivilCode"),
        ),
        Field(
            name="tier",
            title=Text("监控点位类型", "Tier"),
            kind=Kind.CHOICE,
            choices=TIERS,
            known_as=("点位类型", "JKDWLX"),
        ),
        Field(
            name="shape",
            title=Text("摄像机类型", "Camera type"),
            kind=Kind.CHOICE,
            choices=SHAPES,
            known_as=("SXJLX", "PTZType"),
            vintages=(PTZ_TYPE,),
        ),
        Field(name="address", title=Text("安装地址", "Address"), known_as=("AZDZ", "ADDRESS", "安装位置")),
        Field(
            name="azimuth", title=Text("监视方位", "Azimuth"), kind=Kind.NUMBER, unit="°", minimum=0, maximum=360,
            known_as=("方位角", "朝向", "JSFW", "AZIMUTH", "Direction"),
        ),
        Field(
            name="angle", title=Text("水平视场角", "Horizontal angle"), kind=Kind.NUMBER, unit="°", minimum=1, maximum=360,
            known_as=("视场角", "SPSCJ", "HorizontalFieldAngle", "FOV"),
        ),
        Field(
            name="distance", title=Text("可视距离", "View distance"), kind=Kind.NUMBER, unit="m", minimum=1, maximum=5000,
            known_as=("KSJL", "MaxViewDistance", "视距"),
        ),
        Field(
            name="height", title=Text("安装高度", "Mounting height"), kind=Kind.NUMBER, unit="m", minimum=0, maximum=300,
            known_as=("AZGD", "架设高度", "杆高"),
        ),
        Field(
            name="definition",
            title=Text("清晰度", "Definition"),
            kind=Kind.CHOICE,
            choices=DEFINITIONS,
            known_as=("是否高清", "视频质量", "QXD", "分辨率"),
        ),
        Field(
            name="networked",
            title=Text("联网属性", "Networked"),
            kind=Kind.CHOICE,
            required=True,
            choices=(
                Choice("networked", Text("已联网", "Networked"), ("0", "联网")),
                Choice("alone", Text("未联网", "Not networked"), ("1", "不联网")),
            ),
            known_as=("是否联网", "LWSX"),
            vintages=(ASKED_NETWORKED,),
        ),
        Field(
            name="status",
            title=Text("设备状态", "Device status"),
            kind=Kind.CHOICE,
            required=True,
            choices=(
                Choice("in_use", Text("在用", "In use"), ("1", "正常")),
                Choice("repair", Text("维修", "In repair"), ("2", "维修中", "故障")),
                Choice("removed", Text("拆除", "Removed"), ("3", "已拆除")),
            ),
            known_as=("状态", "SBZT"),
        ),
        Field(
            name="online",
            title=Text("在线状态", "Online"),
            kind=Kind.CHOICE,
            choices=(
                Choice("online", Text("在线", "Online"), ("ON", "on")),
                Choice("offline", Text("离线", "Offline"), ("OFF", "off", "不在线")),
            ),
            known_as=("是否在线", "ZXZT", "Status"),
        ),
        Field(
            name="function",
            title=Text("功能类型", "Function"),
            kind=Kind.CHOICE,
            choices=FUNCTIONS,
            known_as=("摄像机功能类型", "SXJGNLX"),
            vintages=(FUNCTION_TYPE,),
        ),
        Field(
            name="installed", title=Text("安装时间", "Installed"), kind=Kind.DATE,
            known_as=("AZSJ", "InstallTime", "启用时间"),
        ),
        Field(
            name="keeps_days", title=Text("录像保存天数", "Days kept"), kind=Kind.INTEGER, unit="天", minimum=0, maximum=3650,
            known_as=("LXBCTS", "RecordSaveDays"),
        ),
        Field(
            name="department",
            title=Text("所属部门/行业", "Department"),
            known_as=("所属部门", "SSBMHY", "管理单位", "GLDW"),
        ),
    ),
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
                "全部点位可视扇形并集占辖区面积的比例（不计遮挡）",
                "Union of the sights of all cameras, of the unit's ground; obstacles not counted",
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
    ),
)
