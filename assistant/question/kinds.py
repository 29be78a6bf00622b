"""The kind of a question by the words that ask: rules in order, the first that fits decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.question.model import Kind
from assistant.vocabulary import MEASURES

_MEASURE = "|".join(MEASURES)
_RULE_NOUN = "文件|办法|规定|条例|制度|法律|法规|通知|意见|细则|规程|准则"
_ADDRESS = re.compile(
    r"第?\s?[0-9零〇一二三四五六七八九十百]{1,6}\s?[条章](?:之[一二三四五六七八九十])?"
    r"(?:第?[（(]?[0-9一二三四五六七八九十]{1,3}[)）]?[款项目])*"
    r"(?:的|里|中|都|具体)?(?:规定了?|讲了?|说了?|写了?|是|有)?(?:的|是)?(?:些)?(?:什么|啥|哪些|哪|怎么)?(?:规定|内容|写|说|讲|原文)?"
    r"(?:了|的|是)?(?:什么|啥)?(?:内容)?(?:的)?[？?。]?$"
)

_STRONG: tuple[tuple[Kind, str], ...] = (
    (Kind.REASON, r"为什么|为啥|为何|凭什么"),
    (
        Kind.COMPARE,
        r"区别|有何不同|有什么不同|有啥不同|哪些不同|哪里不同|异同|差异|差别|不一样|是否一样|一样[吗么]|相比|对比|"
        r"比较.{0,20}(?:和|与)|修订前后|有什么变化|有啥变化|有哪些变化|有何变化|作了哪些修改|改了哪些|差在哪",
    ),
    (
        Kind.SUMMARY,
        r"概括|总结一下|主要内容|讲了什么|讲了些什么|讲的什么|说了什么|说了啥|讲了啥|写了什么|概述|大意|梗概|主要讲|主要说|"
        r"介绍一下.{0,4}《",
    ),
    (
        Kind.DOCUMENT,
        rf"(?:哪[个份部项条些]|什么|啥)(?:{_RULE_NOUN})(?!处)|(?:依据|根据|按照?)(?:的是|是)?(?:什么|哪)(?!些?时|里)"
        r"|出自(?:哪|何处)|出处",
    ),
    (Kind.DEFINITION, r"^(?:请问)?(?:什么是|何谓|何为|什么叫|啥是|啥叫)"),
    (Kind.YES_NO, r"(?<![什怎要多那])[吗嘛么][？?。]?$|^是否|能否|可否"),
    (
        Kind.LIST,
        r"哪几|哪[0-9一二两三四五六七八九十]{1,3}(?:个|型|域|项|种|类|大|化|学|方面|步)",
    ),
    (
        Kind.CODE,
        r"(?:电话|手机|号码|文号|邮箱|网址|账号|邮编|传真|热线)(?:号码?)?(?:是|为|有)?(?:多少|什么|几)|"
        r"(?:电话|手机号|号码|文号|邮箱|网址)[？?]?$",
    ),
    (
        Kind.NAME,
        r"(?<!什么)叫(?:做)?(?:什么|啥)|姓什么|(?:名字|姓名|全称)(?:和|是|有|分别)?[^，。？]{0,4}[？?]?$|"
        r"全称(?:和|是)|(?:什么|哪个)(?:牌子|品牌型号|厂家)|哪个厂家",
    ),
    (
        Kind.FREQUENCY,
        r"(?:多久|多长时间|隔几|几年|几年才|几个?月|几天|几周|多少天|[年月周季](?:度|内)?|每年|每月)[^，。？]{0,12}?"
        r"(?:一次|一回|一趟|一期|几次|几回|几期|几场)|几次|多少次|几回|多少回|频率|频次|隔多久|隔多长",
    ),
    (Kind.NUMBER, r"几[种类级等]|几个等次"),
    (
        Kind.DURATION,
        r"多久|多长时间|几个?钟头|几个?星期|几周|几天|几日|多少天|多少日|多少个?工作日|几个工作日|几个月|多少个月|几年|"
        r"多少年|多少小时|几小时|几个小时|时限|期限(?:是|为)|多长|期限",
    ),
    (
        Kind.DATE,
        r"(?:什么|啥|哪)时候|(?:什么|啥)时间|几点(?!启示|要求|建议|意见|体会)|何时|哪年|哪一年|哪天|哪一天|哪个月|几月|"
        r"几号|哪日|何日|起施行|日期|时间是|什么日子|时间[？?]?$",
    ),
    (
        Kind.NUMBER,
        rf"多少|(?<!第)几(?:{_MEASURE}|亿|万|千|百|十|毛|[\u4e00-\u9fff])|比例|百分之几|人数|数量|总数|规模有多大|多大|占比|"
        r"(?:标准|天数|额度|定额)[？?]?$",
    ),
    (
        Kind.PERSON,
        r"谁|哪位|哪家|什么人(?!能)|哪一?个(?:部门|单位|机构|机关|组织|局|处室|科室|委员会|主体)|哪一(?:部门|单位)|"
        r"什么(?:部门|单位|机构)|何人|何部门|归口",
    ),
    (
        Kind.PLACE,
        r"哪里|哪儿|(?<!如)何处|(?:在|到|去|停|存|放|交)哪(?![些几个]?(?:方面|地方|情|时|年|天|月))(?!些)|在几[楼层号]|哪个(?:城市|地方|省|市|县|区|地区|窗口|位置|银行)|什么(?:地方|场所|位置)|地点|地址",
    ),
    (
        Kind.LIST,
        r"哪些|哪几|哪[0-9一二两三四五六七八九十]|分别是|分别指|分别有|列举|列出|包括什么|包含什么|"
        r"(?:有什么|什么|啥)(?:职责|条件|要求|措施|做法|任务|原则|成效|权利|义务|特点|情形|情况|好处|启示|经验|材料|权限|手续|后果|优惠|东西|样的人)|"
        r"几方面|组成部分|由什么(?:组成|构成)|包括几|(?:职责|条件|情形|范围|种类)[？?]?$",
    ),
    (Kind.REASON, r"原因|缘由|出于什么|目的是|为了什么|凭什么|重要性"),
)
_WEAK: tuple[tuple[Kind, str], ...] = (
    (Kind.HOW_TO, r"如何|怎么|怎样|步骤|流程|程序|怎能|咋|怎麼|手续"),
    (
        Kind.YES_NO,
        r"吗|是否|([\u4e00-\u9fff])[不没]\1|行不行|用不着|算不算|"
        r"[能可让要会用该算行连](?:[^，。？]{1,20})[不没否][？?]?$|有没有|要不要|需不需要",
    ),
    (
        Kind.DEFINITION,
        r"什么是|是什么|何谓|何为|什么叫|什么意思|指什么|指的是什么|是指|含义|定义|是啥|啥是|指的是|干什么的|做什么的|干嘛的",
    ),
)
_RULES = tuple(
    (kind, re.compile(pattern), sure)
    for rules, sure in ((_STRONG, True), (_WEAK, False))
    for kind, pattern in rules
)
_QUOTED_N = re.compile(
    r'[“"「][0-9零一二两三四五六七八九十百]{1,6}[^”"」0-9]{1,4}[”"」]'
)


@dataclass(frozen=True)
class Ruling:
    """What the rules say; ``sure`` is False where other kinds are asked with the same words."""

    kind: Kind
    sure: bool


def kind_by_rules(text: str) -> Ruling:
    """The kind of one question."""
    if _ADDRESS.search(text):
        return Ruling(Kind.ADDRESS, True)
    for kind, pattern, sure in _RULES:
        if pattern.search(text):
            if kind is Kind.DEFINITION and _QUOTED_N.search(text):
                return Ruling(Kind.LIST, True)
            return Ruling(kind, sure)
    return Ruling(Kind.OTHER, False)
