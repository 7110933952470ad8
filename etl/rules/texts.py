"""N: names and other texts: readable, whole, and nothing but text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from etl.rules.domains import in_text
from layers import Text
from layers._field import Kind

# A .dbf holds 254 bytes of text; 255 in some programs.
_DBF_BYTES = (254, 255)
_NOTHING_SAID = {"无", "未知", "暂无", "不详", "空", "null", "none", "nan", "n/a", "na", "-", "--", "/", "测试", "test", "xxx", "待定", "待填"}

# What UTF-8 bytes look like when they are read as Latin-1 or GBK, and what programs write for what they cannot read.
_MOJIBAKE = r"�|锟斤拷|烫烫烫|屯屯屯|[ÃÂ][\x80-\xbf]|[æåäèéç][\x80-\xbf\u2018-\u203a]|\?{2,}|？{3,}|鈥|銆"
_PRIVATE = r"[\ue000-\uf8ff\U000f0000-\U0010ffff]"
_CONTROL = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_MARKUP = r"(?i:<\s*/?\s*[a-z!][^<>]*>|javascript:|&#x?[0-9a-f]+;|\bon(?:error|load|click)\s*=)"
_FORMULA = r"^[=＝@＠+＋][A-Za-z(\"'{\[\d]|^-[A-Za-z(]"


def _texts(matter: Matter, pattern: str) -> Iterator[Hit]:
    for each in matter.of_kind(Kind.TEXT):
        column = matter.frame[each.name]
        yield hit(in_text(column, pattern), field=each.title, value=column)


def _mojibake(matter: Matter) -> Iterator[Hit]:
    yield from _texts(matter, _MOJIBAKE)


def _private(matter: Matter) -> Iterator[Hit]:
    yield from _texts(matter, _PRIVATE)


def _control(matter: Matter) -> Iterator[Hit]:
    for each in _texts(matter, _CONTROL):
        yield Hit(each.rows, {"field": each.said["field"]})


def _markup(matter: Matter) -> Iterator[Hit]:
    yield from _texts(matter, _MARKUP)


def _formula(matter: Matter) -> Iterator[Hit]:
    yield from _texts(matter, _FORMULA)


def _nothing_said(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(Kind.TEXT):
        if each.required:
            said = matter.texts(each.name).str.strip().str.lower()
            yield hit(said.isin(_NOTHING_SAID), field=each.title, value=matter.frame[each.name])


def _cut(matter: Matter) -> Iterator[Hit]:
    """Texts that end just where a .dbf ends them, in either encoding."""
    for each in matter.of_kind(Kind.TEXT):
        said = matter.texts(each.name)
        long = said.str.len() >= _DBF_BYTES[0] // 3
        full = np.zeros(len(said), dtype=bool)
        full[long] = np.array([_fills(text) for text in said[long]], dtype=bool)
        yield hit(full, field=each.title)


def _fills(text: str) -> bool:
    return any(len(text.encode(encoding, "replace")) in (n, n - 1, n - 2)[: 1 if text.isascii() else 3]
               for encoding in ("utf-8", "gb18030") for n in _DBF_BYTES)  # fmt: skip


def _no_letters(matter: Matter) -> Iterator[Hit]:
    label = matter.theme.field(matter.theme.label)
    if label.kind is Kind.TEXT:
        said = matter.texts(label.name)
        yield hit((said != "") & ~said.str.contains(r"[^\W\d_]", regex=True), field=label.title, value=said)


def _same_everywhere(matter: Matter) -> Iterator[Hit]:
    """One name for nearly all rows: a column that was filled down."""
    label = matter.theme.field(matter.theme.label)
    said = matter.texts(label.name)
    if len(said) < 20 or label.name == matter.theme.key:
        return
    most = said[said != ""].value_counts()
    if len(most) and most.iloc[0] >= 0.5 * len(said):
        yield hit((said == most.index[0]).to_numpy(), value=most.index[0], n=int(most.iloc[0]), field=label.title)


def _spaced(matter: Matter) -> Iterator[Hit]:
    """Blanks between Chinese characters, as tables typed for print have them."""
    label = matter.theme.field(matter.theme.label)
    if label.kind is Kind.TEXT:
        column = matter.frame[label.name]
        yield hit(np.asarray(in_text(column, r"[\u4e00-\u9fff][ \u3000\xa0]+[\u4e00-\u9fff]")), field=label.title, value=column)


RULES = (
    Rule(
        id="N01", name="mojibake", severity=Severity.ERROR, check=_mojibake,
        asks=Text("文字没有乱码", "Texts are readable"),
        why=Text("编码读错或字符已丢失，无法还原", "The encoding was wrong, or characters are lost for good"),
        remedy=Text("以GB18030或UTF-8重新导出，并注明编码", "Export as GB18030 or UTF-8 and say which"),
        example="锟斤拷村",
        reason=Text("{field}“{value}”有乱码", "{field} '{value}' is garbled"),
    ),
    Rule(
        id="N02", name="private_character", severity=Severity.WARNING, check=_private,
        asks=Text("文字不用自造字", "Texts use no private characters"),
        why=Text("自造字在别的机器上显示为方框", "Other machines show a box"),
        remedy=Text("换成Unicode中的正字", "Use the character that Unicode has by now"),
        example="U+E170",
        reason=Text("{field}“{value}”含自造字", "{field} '{value}' holds a private character"),
    ),
    Rule(
        id="N03", name="control_character", severity=Severity.WARNING, check=_control,
        asks=Text("文字中没有控制字符", "Texts hold no control characters"),
        why=Text("看不见的字符使相同的名称不相等", "Unseen, they make equal names differ"),
        remedy=Text("删去控制字符", "Take them out"),
        example="名称中有 U+202E（反向显示）",
        reason=Text("{field}含看不见的控制字符", "{field} holds an unseen control character"),
    ),
    Rule(
        id="N04", name="markup", severity=Severity.WARNING, check=_markup,
        asks=Text("文字中没有网页代码", "Texts hold no markup"),
        why=Text("可能是攻击，也可能是从网页复制", "An attack, or a copy from a web page"),
        remedy=Text("只保留文字", "Keep the words only"),
        example="<img src=x onerror=…>",
        reason=Text("{field}“{value}”含网页代码", "{field} '{value}' holds markup"),
    ),
    Rule(
        id="N05", name="formula", severity=Severity.WARNING, check=_formula,
        asks=Text("文字不以公式符号开头", "Texts do not begin as formulas"),
        why=Text("导出后在电子表格中会被执行", "A spreadsheet would run it after an export"),
        remedy=Text("改成普通文字", "Write plain text"),
        example="=HYPERLINK(…)",
        reason=Text("{field}“{value}”像公式", "{field} '{value}' reads as a formula"),
    ),
    Rule(
        id="N06", name="nothing_said", severity=Severity.WARNING, check=_nothing_said,
        asks=Text("必填文字不是“无”“测试”之类", "Required texts say more than none or test"),
        why=Text("填了等于没填", "It is filled and says nothing"),
        remedy=Text("填入实际名称", "Give the real name"),
        example="名称：暂无",
        reason=Text("{field}为“{value}”，等于未填", "{field} is '{value}', which says nothing"),
    ),
    Rule(
        id="N07", name="cut_text", severity=Severity.WARNING, check=_cut,
        asks=Text("文字没有被格式截断", "Texts were not cut by their format"),
        why=Text("Shapefile的文字最多254字节，超出部分已丢失", "A Shapefile holds 254 bytes of text; the rest is lost"),
        remedy=Text("改用GeoPackage重新导出", "Export it as GeoPackage"),
        example="恰好254字节的地址",
        reason=Text("{field}恰好写满254字节，应已被截断", "{field} fills 254 bytes and was probably cut there"),
    ),
    Rule(
        id="N08", name="no_letters", severity=Severity.WARNING, check=_no_letters,
        asks=Text("名称中有文字", "A name holds letters"),
        why=Text("多半是把编号列当成了名称列", "Mostly the column of numbers was taken for that of names"),
        remedy=Text("在导入说明中指定名称列", "Name the right column in the recipe"),
        example="名称：20250113",
        reason=Text("{field}“{value}”中没有文字", "{field} '{value}' holds no letters"),
    ),
    Rule(
        id="N09", name="filled_down", severity=Severity.WARNING, check=_same_everywhere,
        asks=Text("名称不是整列相同", "Names are not one and the same"),
        why=Text("向下填充覆盖了原来的名称", "Filling down has overwritten the names"),
        remedy=Text("从原表恢复名称列", "Restore the column from its source"),
        example="一半以上的行都叫“监控点”",
        reason=Text("{n}行的{field}都是“{value}”", "{field} is '{value}' in {n} rows"),
    ),
    Rule(
        id="N10", name="spaced_name", severity=Severity.WARNING, check=_spaced,
        asks=Text("汉字之间没有空格", "There are no blanks between Chinese characters"),
        why=Text("按名称搜索时找不到", "A search by the name does not find it"),
        remedy=Text("删去空格", "Take the blanks out"),
        example="王 村",
        reason=Text("{field}“{value}”的汉字之间有空格", "{field} '{value}' has blanks between its characters"),
    ),
)  # fmt: skip
