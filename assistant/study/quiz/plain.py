"""Whether a stretch of a rule can be read alone: nothing dangles, nothing is cut, nothing is noise."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 16, 130
_N = "零〇○一二两三四五六七八九十百千0-9０-９"
_POINTS_AWAY = re.compile(
    rf"前(?:款|条|项|述|[两二三四五六]款|[两二三四五六]条|[两二三四五六]项)|上款|上述|上列|本[节章编]|本条|本款|本项|该条|该款|该项|"
    rf"第[{_N}]{{1,9}}[条款项章节]|附件|附表|附录|下列|以下(?:简称|称|统称|规定|情形|行为|程序|内容|方式|原则|条件|事项|标准)|"
    rf"如下|见表|表[0-9０-９一二三四五六七八九]|同上|此前|此后|另一方面|上一"
)
_NOISE = re.compile(
    r"[【】|<>{}\[\]*#_=@\\■□●○◆★☆~^$&,;]|http|www\.|……|\.{3}|[A-Za-z]\(|[A-Za-z]{12}|[0-9]{12}|\n|"
    r"[\u4e00-\u9fff] +[\u4e00-\u9fff]"
)
_OPENS = re.compile(
    "^(?:其|该|并|但|同时|也|又|还|此|因此|对此|否则|而|或者|以及|及|由此|必要时|必要的|期满|逾期|情节|造成|致使|"
    "应当|应|可以|可|不得|必须|须|需|不|未|属于|如|具体|构成|上|前|经(?!济|营|费|办|理)|自(?!治|然|收|学|诉|首|律|愿)|因(?!公|私)|"
    "[0-9０-９]|对其|对该|对此|对上述|两|之|等|各项|有关部门|届时|期间|确|再|依法(?!治)|尚|另|后|将|办公室(?!主任)|委员会|名单|给予|处[^分理置罚于])"
)
_NOT_RULES = re.compile(
    "制定本|施行。$|起施行|起实施|同时废止|负责解释|参照执行|参照本|印发|通知如下|解释权|依照本|特制定"
)
_PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "‘": "’"}


def self_standing(text: str) -> bool:
    """Whether a sentence says something of its own: subject there, no 前款, no fragment.

    Linear in the text.
    """
    if not SHORTEST <= len(text) <= LONGEST or not text.endswith("。"):
        return False
    if text.count("。") != 1 or _NOISE.search(text) or not balanced(text):
        return False
    return not (_OPENS.search(text) or _POINTS_AWAY.search(text) or _NOT_RULES.search(text))


def standing_lead(text: str) -> bool:
    """Whether the lead of a list can be read alone: it may say 下列, nothing else may dangle."""
    if not 6 <= len(text) <= 90 or "。" in text or _NOISE.search(text) or not balanced(text):
        return False
    rest = re.sub("(?:下列|以下|如下)", "", text)
    if re.search("前(?:款|条|项|述|[两二三四五六])|上款|上述|本条|本款|本项", rest):
        return False
    if re.search(rf"第[{_N}]{{1,9}}[条款项章节]", rest):
        return False
    return not re.match(
        "其(?!他)|不得|不准|应当|可以|必须|该|并|但|同时|此外|因此|对此|否则|具体", text
    )


def clean_item(text: str) -> bool:
    """Whether one 项 can be a choice: short, no reference, no list of its own."""
    if not 4 <= len(text) <= 70 or _NOISE.search(text) or not balanced(text):
        return False
    if (
        "：" in text
        or "。" in text
        or "是指" in text
        or text.startswith(("其", "该", "前", "上述", "并", "但"))
    ):
        return False
    return not re.search(
        rf"前(?:款|条|项|述)|本条|本款|本项|第[{_N}]{{1,9}}[条款项]|以上[^，；]{{0,6}}情形|上述|下列",
        text,
    )


def balanced(text: str) -> bool:
    """Whether every bracket and quotation mark has its partner."""
    waiting: list[str] = []
    for char in text:
        if char in _PAIRS:
            waiting.append(_PAIRS[char])
        elif char in _PAIRS.values() and (not waiting or waiting.pop() != char):
            return False
    return not waiting
