"""Every word on the screen that no declaration brings, in both languages."""

from __future__ import annotations

from app.words_board import BOARD_WORDS
from app.words_explain import EXPLAIN_WORDS
from layers._text import Text

WORDS: dict[str, Text] = BOARD_WORDS | EXPLAIN_WORDS | {
    # page
    "title": Text("数字乡村一张图", "Rural One Map"),
    "sample": Text("虚构示例数据", "Fictitious sample data"),
    "sample.says": Text("本页为随系统生成的虚构城市，并非真实地点", "A made-up city that came with the system; no real place"),
    "as_of.label": Text("数据截至", "As of"),
    "to.wall": Text("大屏", "Wall"),
    "to.desk": Text("工作台", "Desk"),
    "to.data": Text("数据入库", "Bring data in"),
    "to.other": Text("English", "中文"),
    "to.other.says": Text("Switch to English", "切换到中文"),
    # search
    "search": Text("搜索区划、点位、礼堂、地块或编号", "Search units, cameras, halls, parcels or a code"),
    "search.none": Text("没有找到“{text}”", "Nothing is called “{text}”"),
    "search.unit": Text("区划", "Unit"),
    # walking the ladder
    "up": Text("返回上级", "Up one level"),
    "whole": Text("全图", "Whole unit"),
    "trail": Text("当前位置", "Where you are"),
    "map": Text("地图：点击区域逐级钻取，Esc 返回上级", "Map: click an area to drill down, Esc to go up"),
    # legend
    "levels": Text("着色单位", "Colour by"),
    "themes": Text("图层", "Themes"),
    "heat": Text("热力图", "Heat map"),
    "seen": Text("覆盖", "Coverage"),
    "blind": Text("盲区", "Blind spots"),
    "audit": Text("网格审计", "Audit of grids"),
    "audit.title": Text("网格审计", "Audit of grids"),
    "audit.n": Text("{n}项", "{n}"),
    "audit.says": Text("红：错误；橙：存疑；灰：超出默认规范（户数30—500）", "Red: wrong; amber: doubtful; grey: outside of the default norm (30 to 500 households)"),
    "audit.worst": Text("最重的问题（点击定位）", "The heaviest (press to go there)"),
    "audit.none": Text("没有发现问题：网格不重不漏，登记相符", "Nothing found: grids cover their villages once, and the register agrees"),
    "audit.today": Text("审计只针对当前数据", "The audit is of today's data only"),
    "picks": Text("筛选", "Pick"),
    "picks.none": Text("全部", "all"),
    "picks.off": Text("清除", "clear"),
    "ledger.n": Text("块数", "Rows"),
    "ledger.all": Text("合计", "All"),
    "ledger.rest": Text("未登记状态", "State unknown"),
    "reach": Text("可达范围", "Within reach"),
    "reach.title": Text("{theme}可达范围", "Within reach of {theme}"),
    "reach.ground": Text("{metres}米以内", "within {metres} m"),
    "reach.n": Text("{unit}：{value}，{n} / {all} 户", "{unit}: {value}, {n} of {all} households"),
    "register": Text("台账 XLSX", "register XLSX"),
    "geopackage": Text("图层 GeoPackage", "layer GeoPackage"),
    "geopackage.says": Text("本区划内的行，带样式，可直接在 QGIS 打开", "the rows of this unit with their style; QGIS opens it"),
    "register.unit_": Text("所在单位", "Unit"),
    "register.since_": Text("数据日期", "Data of"),
    "register.file_": Text("文件", "File"),
    "register.row_": Text("行号", "Row"),
    "classes": Text("分级", "Classes"),
    "classes.target": Text("按目标", "Target"),
    "classes.quantile": Text("分位数", "Quantiles"),
    "classes.equal": Text("等间距", "Equal"),
    "classes.natural": Text("自然断点", "Natural"),
    "classes.target.says": Text("以政策目标为界分级", "Parted at the policy's target"),
    "classes.quantile.says": Text("各级单位数大致相同", "About as many units in each class"),
    "classes.equal.says": Text("各级数值跨度相同", "Each class is as wide as the others"),
    "classes.natural.says": Text("在数值的自然间隙处分级", "Parted in the gaps between the values"),
    "heat.title": Text("{theme}密度", "{theme}: density"),
    "heat.km2": Text("每平方公里", "per km²"),
    "heat.people": Text("每千人", "per 1,000 people"),
    "heat.km2.unit": Text("/km²", "/km²"),
    "heat.people.unit": Text("/千人", "/1,000"),
    "heat.kernel": Text("平滑", "Smooth"),
    "heat.squares": Text("方格", "Squares"),
    "heat.kernel.says": Text("四次核密度，半径 ", "Quartic kernel, radius "),
    "heat.squares.says": Text("方格内数量除以实地面积，边长约 ", "Rows of a square by its ground, side about "),
    "heat.below": Text("低于 {value} 不着色", "nothing drawn below {value}"),
    "seen.title": Text("{theme}覆盖", "Seen by {theme}"),
    "seen.near.says": Text("可视扇形的并集与其外的地面、道路与应看点位", "The union of all sights, and the ground, roads and places outside of it"),
    "seen.far.says": Text("方格内应看点位（出入口、主干路口）中可见的比例，边长约 ", "Share of the places in a square that are seen, side about "),
    "seen.ground": Text("看得到的地面", "Ground seen"),
    "seen.not.ground": Text("看不到的地面", "Ground not seen"),
    "seen.ways": Text("看得到的路段", "Road seen"),
    "seen.not.ways": Text("看不到的路段", "Road not seen"),
    "seen.places": Text("看得到的点位", "Place seen"),
    "seen.not.places": Text("看不到的点位（盲点）", "Place not seen"),
    "blind.title": Text("盲点密度", "Blind places"),
    "blind.says": Text("没有监控能看到的出入口、主干路口；", "Entrances and main intersections that nothing sees; "),
    "blind.unit": Text("处/km²", "/km²"),
    "sight": Text("口径", "Seen by"),
    "sight.designed": Text("设计覆盖", "Designed"),
    "sight.effective": Text("有效覆盖", "Effective"),
    "sight.designed.says": Text("未拆除的全部点位", "Everything that stands"),
    "sight.effective.says": Text("仅在用、在线且联网的点位", "Only what is in use, online and networked"),
    "switch.on": Text("显示{name}", "Show {name}"),
    "switch.off": Text("隐藏{name}", "Hide {name}"),
    "definition": Text("定义", "Reading"),
    "definition.strict": Text("严格", "Strict"),
    "definition.default": Text("默认", "Default"),
    "definition.loose": Text("宽松", "Loose"),
    "definition.now": Text("按{definition}定义", "{definition} reading"),
    "definitions": Text("定义对照", "Definitions"),
    "definitions.met": Text("{n}/{all}达标", "{n} of {all} met"),
    "definitions.turned": Text("换定义后结论改变的单位", "Units that change sides"),
    "definitions.turned.none": Text("换定义不改变任何单位的结论", "No unit changes sides"),
    "definitions.more": Text("另有{n}个", "{n} more"),
    "units.n": Text("{n}个", "{n}"),
    "empty.theme": Text("尚未导入", "not loaded"),
    # card of a unit
    "population": Text("人口", "People"),
    "households": Text("户数", "Households"),
    "area": Text("面积", "Area"),
    "people.unit": Text("人", ""),
    "households.unit": Text("户", ""),
    "km2": Text("km²", "km²"),
    "code": Text("区划代码 {code}", "Code {code}"),
    "brief": Text("简报", "Brief"),
    "brief.says": Text("一页纸简报（PDF，A4；地址加 &paper=a3 为 A3）", "One page of paper (PDF, A4; add &paper=a3 for A3)"),
    "children": Text("下辖{n}个{level}", "{level}: {n}"),
    "targets": Text("政策目标", "Policy targets"),
    "more": Text("更多指标", "More indicators"),
    "target": Text("目标", "target"),
    "clause": Text("依据：{clause}", "Clause: {clause}"),
    "clause.by": Text("期限：{by}", "By: {by}"),
    "met": Text("达标", "met"),
    "near": Text("接近", "near"),
    "missed": Text("未达标", "missed"),
    "none": Text("无数据", "no data"),
    "of": Text("{numerator} / {denominator}", "{numerator} / {denominator}"),
    # ranking and trend
    "ranking": Text("{level}排名", "{level} ranking"),
    "ranking.none": Text("没有下级区划", "No units below"),
    "trend": Text("近一年趋势", "Trend"),
    "trend.none": Text("只有一期数据，暂无趋势", "Only one load so far: no trend yet"),
    # card of a row
    "row.close": Text("关闭", "Close"),
    "row.source": Text("来源", "Source"),
    "row.publisher": Text("发布单位", "Publisher"),
    "row.load": Text("导入批次", "Load"),
    "row.when": Text("导入时间", "Loaded"),
    "row.outside": Text("不在任何区划内", "outside of every unit"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    # wall
    "wall.targets": Text("目标达成", "Targets"),
    "wall.themes": Text("要素总量", "What is on record"),
    "wall.covered": Text("覆盖热力", "Coverage"),
    "wall.covered.says": Text("由低到高", "low to high"),
    "wall.covered.n": Text("{met}/{all} 达标", "{met}/{all} met"),
    "wall.help": Text("大屏按键", "Keys of the wall"),
    "wall.edit": Text("编辑轮播", "Edit playlists"),
    "key.next": Text("下一幕", "next scene"),
    "key.previous": Text("上一幕", "previous scene"),
    "key.pause": Text("暂停 / 继续轮播", "pause or go on"),
    "key.drill": Text("钻取排名最末的下级", "drill into the last of the ranking"),
    "key.back": Text("返回上级", "up one level"),
    "key.spotlight": Text("聚焦下一个面板", "spotlight on the next panel"),
    "key.freeze": Text("冻结 / 解冻画面", "freeze the picture, or let it go"),
    "key.flavour": Text("换配色", "next flavour"),
    "key.guest": Text("访客模式：隐藏精确点位", "guests: exact positions hidden"),
    "key.scene": Text("直达第几幕", "straight to a scene"),
    "key.full": Text("全屏", "full screen"),
    "key.help": Text("显示 / 隐藏本页", "this sheet"),
    "look.wall": Text("深蓝", "Deep blue"),
    "look.dark": Text("深色", "Dark"),
    "look.light": Text("浅色", "Light"),
    "look.contrast": Text("高对比", "High contrast"),
    "look.hours": Text("昼夜自动", "By the hour"),
    "look.guest": Text("访客模式", "Guests"),
    "player.paused": Text("已暂停", "paused"),
    "player.frozen": Text("画面已冻结", "frozen"),
    "wall.events": Text("动态", "News"),
    "stamp": Text("截至 {day}", "as of {day}"),
    "age.fresh": Text("在更新期限内", "within its time"),
    "age.old": Text("偏旧，请催报", "old: ask for the next file"),
    "age.stale": Text("已过期", "out of date"),
    "wall.approval": Text("审图号：{number}", "Map approval {number}"),
    "event.fell": Text("{unit}{indicator} {before} → {value}，跌破目标", "{unit}: {indicator} {before} → {value}, below its target"),
    "event.dropped": Text("{unit}{indicator} {before} → {value}，明显下降", "{unit}: {indicator} {before} → {value}, a deep fall"),
    "event.rose": Text("{unit}{indicator} {before} → {value}，达到目标", "{unit}: {indicator} {before} → {value}, on target"),
    "event.load": Text("{theme}更新至 {day}：新增 {added}、变更 {changed}、移除 {removed}", "{theme} as of {day}: {added} new, {changed} changed, {removed} gone"),
    "event.none": Text("本期没有变化", "Nothing has changed since the day before"),
    "wall.count": Text("{met}/{all} 达标", "{met} of {all} met"),
    # problems
    "unknown.level": Text(
        "level={level}：当前区划内没有这一级；已按下级区划显示。", "level={level}: the unit in view holds none of it; its children are shown."
    ),
    "unknown.unit": Text(
        "unit={code}：没有这个区划；已回到首页。", "unit={code}: there is no such unit; this is home."
    ),
    "unknown.row": Text(
        "row={row}：没有这个对象；已忽略。", "row={row}: there is no such row; it was left out."
    ),
    "store.down": Text(
        "暂时读不到数据库，画面保留最近一次数据，恢复后自动更新。",
        "The store does not answer; the last data stay on the screen and will renew themselves.",
    ),
    "store.busy": Text(
        "此刻访问较多，画面保留最近一次数据，正在自动重试。",
        "Many are asking just now; the last data stay on the screen, and it is asked again.",
    ),
    "server.down": Text(
        "暂时连不上服务，画面保留最近一次数据，恢复后自动更新。",
        "The server does not answer; the last data stay on the screen and will renew themselves.",
    ),
    "empty": Text("还没有区划数据", "There are no units yet"),
    "empty.says": Text(
        "请管理员运行 ./onemap demo 载入示例，或 ./onemap load 导入区划文件；完成后本页自动显示。",
        "Run ./onemap demo for the sample or ./onemap load for your own units; this page shows them by itself.",
    ),
    "map.library": Text("地图组件没有取到，请刷新页面。", "The map library did not arrive; reload the page."),
    "map.webgl": Text("浏览器不支持 WebGL，无法显示地图。", "This browser has no WebGL, so the map cannot be drawn."),
    "map.tiles": Text("部分地图数据暂时没有取到，正在重试。", "Some map data did not arrive; trying again."),
    "map.lost": Text("显卡暂时中断，正在恢复地图。", "The graphics device was lost; the map is being restored."),
}

MAP_WORDS = ("map", "library", "webgl", "tiles", "lost")


def word(key: str, lang: str, **values: object) -> str:
    """The words called `key` in a language, with their {places} filled.

    Parameters
    ----------
    key : str
        One of `WORDS`; KeyError if there is none.
    lang : str
        "zh" or "en".
    **values : object
        What fills the places.

    Returns
    -------
    str
    """
    return WORDS[key][lang].format(**values) if values else WORDS[key][lang]


def map_words(lang: str) -> dict[str, str]:
    """The sentences that the map component says by itself."""
    return {name: word(name if name == "map" else f"map.{name}", lang) for name in MAP_WORDS}
