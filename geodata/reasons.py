"""Why there is no data for a target, in words that say what would help: which file would fill it."""

from __future__ import annotations

from geodata.judging import Standing
from layers import Text, indicator, themes

_SAYS: dict[str, Text] = {
    "file": Text("尚无数据来源；需要：{needs}", "nothing computes it yet; it needs {needs}"),
    "rows": Text("“{theme}”没有数据；请导入：./onemap load 文件 --theme {name}", "{theme} has no rows; load a file: ./onemap load FILE --theme {name}"),
    "unmeasured": Text("这一天尚未计算“{indicator}”", "“{indicator}” had not been measured on that day"),
    "people": Text("该区划没有人口数；请在区划文件中补“人口”", "nobody has counted this unit's people; fill population in the file of units"),
    "nothing": Text("该区划内没有可计的对象（分母为零）", "there is nothing to count in this unit: the denominator is zero"),
    "level": Text("低于该目标的统计层级", "the unit is below the level that the target speaks of"),
    "quota": Text("上级总数，未分解到该区划：只报数，不判定", "a number owed by a higher level and not shared out to this unit: counted, not judged"),
}


def says(standing: Standing) -> Text:
    """The reason for which a target has no state, in words.

    Parameters
    ----------
    standing : Standing
        With a reason; empty words where it has none.
    """
    part = next((each for each in standing.parts if each.numbers.reason), None)
    if part is None or part.numbers.reason is None:
        return Text("", "")
    sentence, by, needs = _SAYS[part.numbers.reason], part.rule.by, standing.target.needs
    theme = themes()[by.partition(".")[0]] if by else None
    title = indicator(by)[1].title if by else None
    return Text(*(
        sentence[lang].format(
            needs=needs[lang] if needs else "", theme=theme.title[lang] if theme else "", name=theme.name if theme else "",
            indicator=title[lang] if title else "",
        )
        for lang in ("zh", "en")
    ))
