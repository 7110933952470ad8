"""The archive of a camera (一机一档): its fields, with the headers and spellings that files use."""

from layers._camera_kinds import DEFINITIONS, FUNCTIONS, SHAPES, TIERS
from layers._field import Choice, Field, Kind
from layers._text import Text
from layers._vintages import ASKED_NETWORKED, FUNCTION_TYPE, PTZ_TYPE

# Field order and enumerations: the 27-column police template 一机一档 and GB/T 28181-2016 annex; where the two
# disagree the archive's meaning stands here and the other belongs into a recipe's value mapping.
FIELDS = (
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
        name="tilt", title=Text("俯仰角", "Tilt"), kind=Kind.NUMBER, unit="°", minimum=-30, maximum=90,
        known_as=("俯角", "下倾角", "TILT", "PitchAngle"),
    ),
    Field(
        name="vertical", title=Text("垂直视场角", "Vertical angle"), kind=Kind.NUMBER, unit="°", minimum=1, maximum=360,
        known_as=("VerticalFieldAngle", "VFOV"),
    ),
    Field(
        name="pixels", title=Text("水平像素", "Pixels across"), kind=Kind.INTEGER, unit="px", minimum=100, maximum=20000,
        known_as=("图像宽度", "水平分辨率", "HorizontalPixels"),
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
)
