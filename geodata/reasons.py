"""Why there is no number, in words that say what would help: which file, or which column of it, would fill it."""

from __future__ import annotations

from geodata.indicators import Figure
from geodata.judging import Standing
from geodata.values import is_by_survey
from layers import Text, indicator, themes
from layers._indicator import Density, Measure, NearBlind, Per, Reached, UnitsHaving, UnitsSum

_SAYS: dict[str, Text] = {
    "file": Text("尚无数据来源；需要：{needs}", "nothing computes it yet; it needs {needs}"),
    "rows": Text("“{theme}”没有数据；请导入：./onemap load 文件 --theme {name}", "{theme} has no rows; load a file: ./onemap load FILE --theme {name}"),
    "field": Text("“{theme}”没有一行填了“{field}”；请在文件中补这一列，再导入：./onemap load 文件 --theme {name}",
                  "no row of {theme} tells “{field}”; fill that column and load the file: ./onemap load FILE --theme {name}"),
    "unmeasured": Text("这一天尚未计算“{indicator}”", "“{indicator}” had not been measured on that day"),
    "people": Text("该区划没有人口数；请在区划文件中补“人口”", "nobody has counted this unit's people; fill population in the file of units"),
    "households": Text("该区划没有户数；请在区划文件中补“户数”", "nobody has counted this unit's households; fill households in the file of units"),
    "survey": Text("该区划没有同时测过{minus}的村，无法推算；请导入这些图斑", "no village of this unit was surveyed for all of {minus}; load their parcels"),
    "nothing": Text("该区划内没有可计的对象（分母为零）", "there is nothing to count in this unit: the denominator is zero"),
    "level": Text("低于该目标的统计层级", "the unit is below the level that the target speaks of"),
    "quota": Text("上级总数，未分解到该区划：只报数，不判定", "a number owed by a higher level and not shared out to this unit: counted, not judged"),
}  # fmt: skip


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
    return _filled(part.numbers.reason, part.rule.by, part.numbers.lacks, standing.target.needs)


def of_figure(figure: Figure, measure: Measure | None = None) -> Text | None:
    """Why an indicator has no number in a unit, in words; None where it has one.

    Parameters
    ----------
    figure : Figure
        Of a card.
    measure : Measure, optional
        That holds under its definition; found by its name where it is left out.
    """
    if figure.value is not None:
        return None
    reason = _reason(figure, measure or figure.declared.reading(figure.definition).measure)
    return _filled(reason, figure.indicator, figure.lacks)


def _reason(figure: Figure, measure: Measure) -> str:
    if figure.lacks:
        return "field" if "." in figure.lacks else "rows"
    if figure.day is None:
        return "unmeasured"
    if isinstance(measure, UnitsSum) and measure.column != "area_km2":
        return "households" if measure.column == "households" else "people"
    if is_by_survey(measure):
        return "survey"
    if isinstance(measure, (NearBlind, Reached)) and not figure.denominator:
        return "households"
    people = isinstance(measure, UnitsHaving) and measure.people_from or isinstance(measure, Density) and measure.per is Per.THOUSAND_PEOPLE
    return "people" if people and figure.denominator is None else "nothing"


def _filled(reason: str, by: str | None, lacks: str | None, needs: Text | None = None) -> Text:
    """The sentence of a reason, with what it speaks of."""
    name, _, field = (lacks or by or "").partition(".")
    theme = themes().get(name)
    told = theme.field(field).title if theme and lacks and field else None
    minus = [themes()[each].title for each in theme.left_by.minus] if theme and theme.left_by else []
    return Text(*(
        _SAYS[reason][lang].format(
            needs=needs[lang] if needs else "", theme=theme.title[lang] if theme else "", name=name,
            field=told[lang] if told else "", minus=("、" if lang == "zh" else ", ").join(each[lang] for each in minus), indicator=indicator(by)[1].title[lang] if by else "",
        )
        for lang in ("zh", "en")
    ))  # fmt: skip
