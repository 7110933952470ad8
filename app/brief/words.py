"""The words of a brief that no declaration brings, in both languages."""

from __future__ import annotations

from layers._text import Text

WORDS = {
    "brief": Text("简报", "Brief"),
    "as_of": Text("数据截至 {day}", "Data as of {day}"),
    "sample": Text("虚构示例数据", "Fictitious sample data"),
    "population": Text("人口", "People"),
    "households": Text("户数", "Households"),
    "area": Text("面积", "Area"),
    "people.unit": Text("人", ""),
    "households.unit": Text("户", ""),
    "km2": Text("km²", "km²"),
    "of": Text("{numerator} / {denominator}", "{numerator} of {denominator}"),
    "asks": Text("目标 {aim}", "target {aim}"),
    "lead": Text("牵头：{lead}", "lead: {lead}"),
    "rank": Text("同级第 {rank}/{of}，中位 {middle}", "rank {rank} of {of}, median {middle}"),
    "rank.tied": Text("同级并列第 {rank}/{of}，中位 {middle}", "rank {rank} of {of}, shared; median {middle}"),
    "units": Text("{title}达标的{level}", "{title}: units that pass ({level})"),
    "lacks": Text("再补 {n} 个即达标", "{n} more and it is met"),
    "strong": Text("三个亮点", "Three strong points"),
    "weak": Text("三个短板", "Three weak points"),
    "next": Text("三件要事", "Three next steps"),
    "strong.none": Text("没有达标或领先的指标。", "No indicator is met or ahead."),
    "weak.none": Text("没有未达标或落后的指标。", "No indicator is missed or behind."),
    "next.none": Text("没有可按数量补齐的目标。", "No target that a count of rows would meet."),
    "targets": Text("政策目标", "Policy targets"),
    "tally": Text("{met}/{all} 项达标", "{met} of {all} met"),
    "more": Text("另有 {n} 项，见工作台", "{n} more on the desk"),
    "met": Text("达标", "met"),
    "course": Text("按期推进", "on course"),
    "behind": Text("滞后", "behind"),
    "missed": Text("逾期未达", "missed"),
    "trend": Text("{title}：逐期走势", "{title} through the loads"),
    "map": Text("{title} · 按{level}", "{title} by {level}"),
    "map.self": Text("{title}", "{title}"),
    "spoken": Text("口播稿", "To be read out"),
    "sources": Text("数据来源", "Sources"),
    "source": Text("{theme}：第 {load} 批 {file}（{day}）", "{theme}: load {load}, {file} ({day})"),
    "rules": Text(
        "亮点、短板与要事按规则选出：达标且同级领先者为亮点，差距占目标比例最大者为短板，所缺数量最少者为要事。",
        "Chosen by rule: met and ahead of its siblings is strong, the widest gap as a share of its target is weak, the fewest rows lacking come next.",
    ),
    # read out
    "spoken.who": Text("{name}{above}面积{area}平方公里", "{name}{above} covers {area} km²"),
    "spoken.top": Text("，", ""),
    "spoken.above": Text("属{parent}，", " in {parent}"),
    "spoken.people": Text("，人口{people}", ", with {people} people"),
    "spoken.below": Text("，下辖{n}个{level}", " and {n} units below it ({level})"),
    "spoken.stands": Text(
        "截至{day}，可计算的{all}项政策目标中，{met}项达标，{course}项按期推进，{behind}项滞后，{missed}项逾期未达。",
        "As of {day}, of {all} policy targets that can be computed {met} are met, {course} on course, {behind} behind and {missed} missed. ",
    ),
    "spoken.strong": Text("做得好的：{list}。", "What goes well: {list}. "),
    "spoken.weak": Text("差距大的：{list}。", "Where the gap is wide: {list}. "),
    "spoken.next": Text("下一步：{list}。", "What comes next: {list}. "),
    "spoken.one": Text("{title}{value}", "{title}, {value}"),
    "spoken.ranked": Text("，在{of}个同级单位中列第{rank}", ", rank {rank} of {of}"),
    "spoken.asked": Text("，要求{aim}", ", where {aim} is asked"),
    "spoken.step": Text("{title}，再补{n}个即可达标", "{title}: {n} more and the target is met"),
    "comma": Text("；", "; "),
    "stop": Text("。", ". "),
}


def phrase(key: str, lang: str, **values: object) -> str:
    """The words called `key` in a language, with their {places} filled; KeyError if there are none."""
    return WORDS[key][lang].format(**values)
