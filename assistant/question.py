"""What a question asks for: its kind, its words, the documents that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant import terms
from assistant.text import fold, read_number
from assistant.vocabulary import GENERIC_WORDS, MEASURES, STOP_WORDS, UNITS

MAX_QUESTION = 2000


class QuestionError(ValueError):
    """The question cannot be answered as it stands; the message is Chinese and for the asker."""


class Kind(StrEnum):
    """What shape of answer a question wants."""

    NUMBER = "number"
    DATE = "date"
    FREQUENCY = "frequency"
    DURATION = "duration"
    PERSON = "person"
    NAME = "name"
    CODE = "code"
    PLACE = "place"
    LIST = "list"
    YES_NO = "yes_no"
    HOW_TO = "how_to"
    COMPARE = "compare"
    DEFINITION = "definition"
    SUMMARY = "summary"
    REASON = "reason"
    OTHER = "other"


@dataclass(frozen=True)
class Question:
    """A question understood.

    ``words`` are its content words, folded, in order, without repeats; ``focus`` those that name
    the asked attribute (补贴 in “补贴多少钱”); ``entities`` are quoted terms and titles;
    ``attribute`` is the noun that 什么 or 哪家 stands before (学历 in 要什么学历);
    ``places`` and ``years`` constrain the answer, as do ``demands`` (第三讲, 最高的是哪家); ``count`` is the stated size of
    a list (4 in 哪四型); ``unit`` the asked unit of a number (名), as documents write it;
    ``amounts`` what the question itself states (5 and 册 in 能借5本吗); ``noun`` what a list is of
    (职责 in 有哪些职责) or who is asked for (首问责任人 in 首问责任人是谁).
    """

    text: str
    kind: Kind
    words: tuple[str, ...]
    focus: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    count: int | None = None
    unit: str = ""
    amounts: tuple[tuple[int, str], ...] = ()
    demands: tuple[str, ...] = ()
    attribute: str = ""
    wants_old: bool = False
    wants_money: bool = False
    noun: str = ""


_MEASURE = "|".join(MEASURES)
_UNIT = re.compile(f"(?:多少|几)({_MEASURE})")
_CN = "一二两三四五六七八九十百"
_NUMERAL = "[0-9零一二两三四五六七八九十百]{1,6}"
_WHICH_N = re.compile(f"哪({_NUMERAL})")
_N_IS = re.compile(
    f"({_NUMERAL})(?:个|项|大|种|类|条|方面|型|域|学|化|点|步|融合|维度|相结合)[^，。？]{{0,12}}"
    "(?:是什么|有哪些|是哪些|分别|指什么|包括|指的是|内容)"
)
_QUOTED_N = re.compile(f'[“"「]({_NUMERAL})[^”"」0-9]{{1,4}}[”"」]')
_TITLE = re.compile(r"《([^《》]{1,80}(?:《[^《》]{1,60}》[^《》]{0,40})?)》")
_QUOTED = re.compile(r"[“「]([^“”「」]{1,30})[”」]|\"([^\"]{1,30})\"")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年|版|年版)")
_PLACE = re.compile(
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    r"海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|海口|三亚|三沙|儋州|广州|"
    r"深圳|珠海|厦门|福州|南京|苏州|杭州|宁波|济南|青岛|郑州|武汉|长沙|成都|西安|沈阳|大连|哈尔滨|长春|石家庄|"
    r"太原|合肥|南昌|南宁|贵阳|昆明|兰州|西宁|银川|乌鲁木齐|拉萨|呼和浩特|琼海|文昌|万宁|东方|陵水|保亭|五指山)"
)
#: The number of a stated amount (41个片区): checked as a premise, not searched as a word.
_AMOUNT_NUMBER = re.compile(rf"([0-9]{{1,7}})\s?(?:余|多)?(?:万|亿)?(?:余|多)?(?:{_MEASURE})")
_AMOUNT = re.compile(
    rf"(?<![第哪之])([0-9]{{1,7}}|[{_CN}]{{1,5}})(?:来|多|余)?({_MEASURE})人?(?![以之]?[内下上])"
)
#: Levels and bodies that exclude one another: a rule for 乡镇 is none for 市直机关.
_BODY = re.compile(
    r"(?<!哪个)(?<!哪家)(?:中央|省直|省级|区直|县直|县级|乡镇|街道办|村委会|国有企业|国企|央企|民营企业|事业单位|高校|大学|中小学|学校|"
    r"医院|法院|检察院|公安|人大|政协|军队|部队|海警|铁路)"
)
_OLD = re.compile(
    r"修订前|修改前|旧版|老版|原办法|原来的|原规定|试行版|废止前|以前的|旧的|老办法|历史版本|试行的?时候|修订之前|试行办法|（试行）|\(试行\)"
)

_ORDINAL = re.compile(
    r"第[一二三四五六七八九十0-9]{1,3}(?:讲|批|期|届|版|场|轮|次|片区|小组|小队|周|季度)"
)
#: 什么学历, 哪家公司: the noun that the answer is one of.
_ATTRIBUTE = re.compile(r"(?:什么|啥|哪一?(?:个|家|位|所|支|种|间|门))的?([\u4e00-\u9fff]{2,8})")
_SUPERLATIVE = re.compile(
    r"(最[\u4e00-\u9fff])[^，。？]{0,4}?的?(?:是|有)?(?:哪(?:一|个|家|位|支|项|本|种)|谁)"
)

_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            Kind.COMPARE,
            r"区别|有何不同|有什么不同|哪些不同|异同|差异|差别|相比|对比|比较.{0,20}(?:和|与)|修订前后|有什么变化|有哪些变化|作了哪些修改",
        ),
        (
            Kind.SUMMARY,
            r"概括|总结一下|主要内容|讲了什么|讲的什么|说了什么|写了什么|概述|大意|梗概|主要讲|介绍一下.{0,4}《",
        ),
        (
            Kind.LIST,
            r"哪几|哪[0-9一二两三四五六七八九十]{1,3}(?:个|型|域|项|种|类|大|化|学|方面)",
        ),
        (
            Kind.CODE,
            r"(?:电话|手机|号码|文号|邮箱|网址|账号|邮编|传真|热线)[^，。？?]{0,5}(?:多少|什么|几)|(?:电话|手机号|号码|文号|邮箱|网址)[？?]?$",
        ),
        (
            Kind.NAME,
            r"(?<!什么)叫(?:做)?(?:什么|啥)|姓什么|(?:名字|姓名|名单)(?:是|有|分别)?[^，。？]{0,4}[？?]?$|(?:什么|哪个)(?:牌子|品牌型号|厂家)|哪个厂家",
        ),
        (
            Kind.FREQUENCY,
            r"(?:多久|多长时间|隔几|几年|几个?月|几天|几周|多少天).{0,12}(?:一次|一回|一趟)|几次|多少次|几回|多少回|频率|频次|隔多久|隔多长",
        ),
        (
            Kind.DURATION,
            r"多久|多长时间|几个?钟头|几个?星期|几周|几天|几日|多少天|多少日|多少个?工作日|几个工作日|几个月|多少个月|几年|多少年|多少小时|几小时|几个小时|时限|期限(?:是|为)|多长|期限",
        ),
        (
            Kind.DATE,
            r"(?:什么|啥|哪)时候|(?:什么|啥)时间|几点(?!启示|要求|建议|意见|体会)|何时|哪年|哪一年|哪天|哪一天|哪个月|几月|几号|哪日|何日|起施行|日期|时间是|什么日子",
        ),
        (
            Kind.NUMBER,
            rf"多少|(?<!第)几(?:{_MEASURE}|亿|万|千|百|十|[\u4e00-\u9fff])|比例|百分之几|人数|数量|总数|规模有多大|多大|占比",
        ),
        (
            Kind.PERSON,
            r"谁|哪位|哪家|什么人|哪个(?:部门|单位|机构|机关|组织|局|处室|科室|委员会|主体)|哪一(?:部门|单位)|什么(?:部门|单位|机构)|何人|何部门",
        ),
        (
            Kind.PLACE,
            r"哪里|哪儿|何处|在哪|哪个(?:城市|地方|省|市|县|区|地区)|什么地方|地点|地址",
        ),
        (
            Kind.LIST,
            r"哪些|哪几|哪[0-9一二两三四五六七八九十]|分别是|分别指|分别有|列举|列出|包括什么|包含什么|(?:有什么|什么|啥)(?:职责|条件|要求|措施|做法|任务|原则|成效|权利|义务|特点|情形|情况|好处|启示|经验|材料|权限|手续)|几方面|组成部分|由什么(?:组成|构成)|包括几",
        ),
        (Kind.REASON, r"为什么|为啥|为何|原因|缘由|出于什么|目的是|为了什么|凭什么"),
        (Kind.HOW_TO, r"如何|怎么|怎样|步骤|流程|程序|怎能|咋|怎麼"),
        (
            Kind.YES_NO,
            r"吗|是否|能否|可否|([\u4e00-\u9fff])[不没]\1|行不行|用不着|[能可让要会用该算行](?:[^，。？]{1,20})[不没否][？?]?$",
        ),
        (
            Kind.DEFINITION,
            r"什么是|是什么|何谓|何为|什么叫|什么意思|指什么|指的是什么|含义|定义|是啥|啥是|指的是|干什么的|做什么的|干嘛的",
        ),
    )
)
_INTERROGATIVE = re.compile(
    rf"多少(?:{_MEASURE}|钱)?|几(?:{_MEASURE})|哪些|哪几(?:{_MEASURE})?|哪(?:{_NUMERAL})(?:{_MEASURE})?|哪[个位里儿年天]|(?:什么|啥|哪)时候|什么时间|"
    r"为什么|什么|何时|何处|由谁来?|归谁|谁|多久|多长时间|多长|多大|如何|怎么办?|怎样|咋办?|是否|能否|可否|行不行|吗|啥"
)
_NOUN = re.compile(
    rf"(?:哪些|哪几|哪(?:{_NUMERAL}))(?:{_MEASURE}|大|方面)?的?([\u4e00-\u9fff]{{2,8}}?)(?=[？?，。！]|$)"
)
_WHO_IS = re.compile(r"([\u4e00-\u9fff]{2,10})(?:是谁|是什么人|由谁担任|指谁)")
_AFTER_KINDS = (Kind.NUMBER, Kind.LIST, Kind.PERSON)
_AROUND_KINDS = (Kind.DATE, Kind.DURATION, Kind.FREQUENCY, Kind.PLACE)


def understand(text: str) -> Question:
    """Read a question. Raises :class:`QuestionError` on one that is empty, too long or no words."""
    clean = _clean(text)
    titles = tuple(dict.fromkeys(m.group(1) for m in _TITLE.finditer(clean)))
    kind = _kind(clean)
    amounts = set(_AMOUNT_NUMBER.findall(clean))
    words = content_words(clean)
    unit = _unit(clean)
    return Question(
        text=clean,
        kind=kind,
        words=tuple(w for w in words if w not in amounts),
        noun=_noun(clean),
        focus=_focus(clean, kind),
        entities=_entities(clean),
        titles=titles,
        places=tuple(
            dict.fromkeys(
                (*_PLACE.findall(clean), *_BODY.findall(clean), *terms.place_names(clean))
            )
        ),
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(clean))),
        count=_count(clean) if kind in (Kind.LIST, Kind.DEFINITION, Kind.OTHER) else None,
        unit=unit,
        amounts=_amounts(clean),
        demands=tuple(_ORDINAL.findall(clean) + _SUPERLATIVE.findall(clean)),
        attribute=_attribute(clean),
        wants_old=bool(_OLD.search(clean)),
        wants_money=bool(
            re.search(
                r"多少钱|几元|多少元|多少万元|金额|费用|花费|补贴|经费.{0,4}多少|预算",
                clean,
            )
        ),
    )


def content_words(text: str) -> tuple[str, ...]:
    """The folded words of ``text`` that carry meaning, in order, without repeats."""
    asked = _INTERROGATIVE.sub("，", text)
    return terms.content_words(_AMOUNT.sub(lambda m: m[0] if m[1] == "一" else "，", asked))


def _clean(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_QUESTION * 12])
    clean = " ".join(printable.split())
    if not clean:
        raise QuestionError("问题是空的，请写出想问的内容。")
    if len(clean) > MAX_QUESTION:
        raise QuestionError(f"问题太长（超过 {MAX_QUESTION} 字），请只写要问的一件事。")
    if not any(char.isalnum() for char in clean):
        raise QuestionError("问题里没有文字，请用一句话写出想问的内容。")
    return clean


def _kind(text: str) -> Kind:
    for kind, pattern in _RULES:
        if pattern.search(text):
            return Kind.LIST if kind is Kind.DEFINITION and _QUOTED_N.search(text) else kind
    return Kind.OTHER


def _count(text: str) -> int | None:
    for pattern in (_WHICH_N, _QUOTED_N, _N_IS):
        match = pattern.search(text)
        if match:
            value = read_number(match.group(1))
            if value is not None and 2 <= value <= 80:
                return value
    return None


def _attribute(text: str) -> str:
    match = _ATTRIBUTE.search(text)
    if match is None:
        return ""
    first, tag = terms.tagged(match[1])[0]
    known = first in GENERIC_WORDS or first in STOP_WORDS
    return fold(first) if tag.startswith("n") and len(first) > 1 and not known else ""


def _unit(text: str) -> str:
    """The unit that a number is asked in, as documents write it; "" for none."""
    match = _UNIT.search(text)
    if match is None:
        return ""
    if match[1] == "个" and text[match.end() : match.end() + 1] == "人":
        return "人"
    return UNITS.get(match[1], match[1])


def _amounts(text: str) -> tuple[tuple[int, str], ...]:
    found = []
    for number, unit in _AMOUNT.findall(text):
        value = read_number(number)
        if value is not None and value > 1 and not (unit == "年" and value > 1000):
            found.append((value, UNITS.get(unit, unit)))
    return tuple(found)


def _noun(text: str) -> str:
    match = _NOUN.search(text) or _WHO_IS.search(text)
    return fold(match[1]) if match else ""


def _entities(text: str) -> tuple[str, ...]:
    found = [fold(a or b) for a, b in _QUOTED.findall(text)]
    found += [fold(title) for title in _TITLE.findall(text)]
    return tuple(dict.fromkeys(term for term in found if len(term) > 1))


def _focus(text: str, kind: Kind) -> tuple[str, ...]:
    """Words beside the question word that name what is asked for; generic ones do not count."""
    match = _INTERROGATIVE.search(text)
    if match is None:
        return ()
    follows = kind in _AFTER_KINDS or kind in _AROUND_KINDS
    after = content_words(text[match.end() : match.end() + 10]) if follows else ()
    before = content_words(text[max(0, match.start() - 14) : match.start()])
    near = [word for word in after[:2] if word not in GENERIC_WORDS]
    if not near or kind in _AROUND_KINDS:
        near = near[:1] + [word for word in before[::-1] if word not in GENERIC_WORDS][:1]
    return tuple(word for word in near if len(word) > 1)
