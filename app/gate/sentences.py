"""What the command line says in English, for a page in Chinese: the sentences that operators meet, told again."""

from __future__ import annotations

import re

from app.gate.refusals import OF_FILES, OF_PLACES, OF_RECIPES, WHAT_TO_DO

_FACTS: tuple[tuple[str, str], ...] = (
    (r"nothing says which theme it is", "看不出是哪个图层"),
    (r"its headers are too little of any theme; it has (.*)", "表头与各图层都不相符；它有：{0}"),
    (r"it could be (.*?); it has (.*)", "可能是 {0}；它的列：{1}"),
    (r"its data are of (\S+), older than load (\d+) of (\S+) in source (.*)", "数据日期 {0}，早于来源 {3} 第 {1} 批的 {2}"),
    (r"the store has moved on since \((.*)\)", "预演之后数据库已有变动（{0}）"),
    (r"(loads?) (.*) touched the same rows since", "之后的第 {1} 批改动过同样的行"),
    (r"load (\d+) took it back already", "已被第 {0} 批撤回"),
    (r"the load would not be what was shown", "发布结果与预演不一致"),
    (r"(.*) is not as it was \((.*) differ\)", "文件与预演时不同（{1}）"),
    (r"there is no such load", "没有这个批次"),
    (r"there is no theme (.*)", "没有图层 {0}"),
    (r"its rows were set aside by load (\d+), and load (\d+) has come since", "这些行由第 {0} 批搁置，之后已有第 {1} 批"),
    (r"row (\d+) does not say in .* which row it was", "第 {0} 行丢了原行号列（onemap:load、onemap:row）"),
    (r"it is no TOML: (.*)", "不是 TOML：{0}"),
    (r"(.*) rows of (.*) would be set aside", "{1} 行中有 {0} 行将被搁置"),
    (r"its run broke off (\d+) times", "运行中断了 {0} 次"),
    (r"loads kept coming while it was rehearsed", "预演期间不断有新的导入"),
    (r"there is no room to hold it.*", "内存不足，装不下这个文件"),
    (r"nothing answers (?:there|where the store should be|in .*)", "数据库没有应答"),
    (r"its rows were set aside in (.*), not (.*)", "这些行由图层 {0} 搁置，不是 {1}"),
    (r"its rows were set aside by load (\d+), which does not stand any more", "这些行由第 {0} 批搁置，该批已不在"),
    (r"its rows were set aside before", "这些行是曾被搁置的行"),
    (r"its rows are of several loads: (.*)", "这些行来自多个批次：{0}"),
    (r"it names load (\d+), which there is not", "它写的第 {0} 批不存在"),
    (r"its file (.*) is not there any more", "文件 {0} 已不在"),
    (r"there is no such rehearsal", "没有这次预演"),
    *OF_FILES, *OF_PLACES, *OF_RECIPES,
)

_REMEDIES: tuple[tuple[str, str], ...] = (
    (r"give --theme NAME.*", "请选择图层"),
    (r"rehearse (?:it|the file) again.*", "请重新预演"),
    (r"roll back the newest first, or give --cascade", "请先回滚较新的批次，或一并回滚"),
    (r"roll back load (\d+) to have it again", "如需恢复，请回滚第 {0} 批"),
    (r"bring newer data, give --as-of, or name another source in the recipe", "请用更新的数据，或改数据日期、来源名称"),
    (r"write crs = (.*?) .*", "请在“字段”中选择坐标系"),
    (r"mend that line", "请改正该行"),
    (r"run ./onemap doctor", "请运行 ./onemap doctor"),
    (r"serve the map or load a file once with this version.*", "请用当前版本启动一次服务或导入一次文件，库表会随之更新"),
    (r"check the path", "请检查路径"),
    (r"keep these columns as they were handed out", "请保留导出时的这些列"),
    *WHAT_TO_DO,
)

_WORDS: tuple[tuple[str, str], ...] = (
    (r"CGCS2000 or WGS 84(.*)", "CGCS2000 / WGS 84{0}"), (r"(.*) taken off once too often", "{0} 多做了一次纠偏"), (r"(.*) twice", "{0} 加偏了两次"),
    (r"height dropped", "舍去高程"), (r"axes swapped", "经纬度对调"), (r"degrees unpacked", "度分秒拆开"),
    (r"longitude and latitude taken as CGCS2000", "经纬度按 CGCS2000"), (r"direction .* made degrees", "方位换算为度"),
    (r"private column left out", "不读取个人信息列"), (r"sheet joined to the first", "合并同表头的工作表"), (r"unsure", "不能确定"),
)

_SENTENCE = re.compile(r"(?P<place>.+?): (?P<fact>.+); (?P<remedy>[^;]+?)\.?(?: \((?P<rule>[A-Z]\d\d)\))?")


def both(said: str) -> tuple[str, str]:
    """A refusal in Chinese and English; what is not known stays English in both."""
    lines = [_zh(line) for line in said.splitlines()]
    return "\n".join(lines), said


def _zh(line: str) -> str:
    found = _SENTENCE.fullmatch(line.strip())
    if found is None:
        return line
    place = found["place"].rpartition("/")[2]
    fact, remedy = _told(found["fact"], _FACTS), _told(found["remedy"], _REMEDIES)
    place = re.sub(r"^load (\d+)$", r"第 \1 批", re.sub(r"^rehearsal (\d+)$", r"预演 \1", place))
    rule = f"（规则 {found['rule']}）" if found["rule"] else ""
    return f"{place}：{fact}；{remedy}。{rule}" if fact != found["fact"] else line


def word(english: str, lang: str) -> str:
    """The name of a coordinate system, or of what was done to a file."""
    return english if lang == "en" else _told(english, _WORDS)


def _told(english: str, known: tuple[tuple[str, str], ...]) -> str:
    for pattern, chinese in known:
        if found := re.fullmatch(pattern, english):
            return chinese.format(*found.groups())
    return english
