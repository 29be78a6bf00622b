"""Which names in book marks are rules' and which are books', newspapers' and films'."""

from __future__ import annotations

import re

from index.address.names import fold, noun_of

_CUE_BEFORE = re.compile(
    r"(?:根据|依据|依照|按照|遵照|对照|参照|比照|违反|触犯|符合|执行|贯彻|落实|遵守|适用|援引|印发|出台|制定|修订|修改|"
    r"公布|发布|颁布|废止|以及|和|与|及|、)[了的]?(?:党中央|国务院|中央|本单位|我局|我市|我省|现行|新修订的?|最新|其他)?"
    r"[《]?$"
)
_CUE_AFTER = re.compile(
    r"(?:[（(][^（）()\n]{1,40}[）)])?(?:的(?:规定|要求|有关|相关|具体|第)|(?:有关|相关)?(?:规定|要求)|第\s?[一二三四五六七八九十百0-9]|"
    r"明确|指出|强调|施行|实施|印发|等(?:规定|制度|法律|法规|党内法规|文件))"
)
#: What a rule's title ends with whatever stands around it.
RULE = re.compile(
    r"(?:条例|办法|规定|细则|准则|规程|守则|法典|修正案|章程|法|管理制度|工作制度|工作规则|议事规则|"
    r"(?:实施|指导|若干|工作)意见|(?:实施|工作|行动)方案|关于.{4,}的(?:通知|决定|决议|意见|批复|公告|解释|通告|答复|命令|通报)|"
    r"适用法律.{0,14}解释)(?:（[^（）]{1,12}）|\([^()]{1,12}\))*$"
)
#: 法 that is no law's: 兵法, 教学法. Of 预算法 and 科技法 the characters are only alike.
_NO_LAW = re.compile(
    r"(?:兵|(?<!公)司|书|方|做|说|想|看|语|用|疗|(?<!科)技|心|拳|笔|句|章|(?<![预决])算|写|佛|魔|手|针|剑|刀|画|唱|指|文|活|"
    r"教学|学习|工作|记忆|思维|写作|阅读|减肥|推拿|按摩|分析|研究|设计|养生|烹饪|急救|演奏|栽培|养殖|种植|理财)法$"
)
#: May be either: 土地管理法, 时间管理法. Then the words around it decide.
_EITHER_LAW = re.compile(r"(?:管理|教育|训练|统计|护理|治疗)法$")
#: A book or an article is cited: 《物权法》（第五版），某某出版社，第12页.
_PUBLISHED = re.compile(
    r"[^。；《\n]{0,30}?(?:出版社|第\s?[0-9]{1,4}\s?页|(?:19|20)[0-9]{2}年第\s?[0-9]{1,2}\s?期)|\s?[（(]第[^（）()\n]{1,3}版[）)]"
)
_WEAK_LENGTH = 6


def is_rule(text: str, start: int, end: int, written: str) -> bool:
    """Whether an unknown title in book marks is a rule's and not a book's or newspaper's."""
    folded = fold(written)
    if _PUBLISHED.match(text, end):
        return False
    cue = _CUE_BEFORE.search(text[max(0, start - 12) : start]) is not None
    after = _CUE_AFTER.match(text, end) is not None
    if not RULE.search(written):
        return bool(noun_of(folded)) and after and cue
    if not is_law_name(folded):
        return False
    if _EITHER_LAW.search(folded) and "中华人民共和国" not in folded:
        return cue or after
    return cue or after or len(folded) >= _WEAK_LENGTH or folded.endswith("法")


def is_law_name(folded: str) -> bool:
    """Whether a name may be a rule's as far as its last word tells: 兵法 and 教学法 are none."""
    return "中华人民共和国" in folded or not _NO_LAW.search(folded) or folded.endswith("办法")
