"""Finding the very answer in a sentence: the number, date, person, place or list asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question import Kind, Question
from assistant.text import fold, read_number

_CN = "零〇一二两三四五六七八九十百千"
_NUMBER = re.compile(
    rf"(?:约|近|超过|超|不少于|不超过|不低于|不高于|至少|最多|达|共)?(?:第)?"
    rf"(?:(?:[0-9０-９.]{{1,8}}|[{_CN}]{{1,5}})\s?(?:至|到|~|～|—|-)\s?)?"
    rf"(?:百分之[{_CN}0-9.]{{1,8}}|[0-9０-９][0-9０-９,，.]{{0,12}}\s?[%％]|"
    rf"[0-9０-９][0-9０-９,.]{{0,12}}\s?(?:余|多)?\s?(?:亿|万|千|百)?\s?(?:余|多)?|[{_CN}]{{1,8}}(?:亿|万|余|多)?)"
    r"\s?(?:个工作日|个月|人次|场次|平方米|公里|小时|分钟|课时|学时|学分|万元|亿元|个|名|人|位|家|支|项|条|类|种|"
    r"次|场|件|份|处|所|组|批|天|日|年|月|周|元|岁|页|章|节|款|门|期|届|户|台|辆|套|篇|字|级|层|步|分|倍|点|大|亩|%|％)?"
)
_DATE = re.compile(
    r"(?:[0-9０-９]{4}|[零〇一二三四五六七八九]{4})\s?年(?:\s?[0-9０-９一二三四五六七八九十]{1,3}\s?月)?"
    r"(?:\s?[0-9０-９一二三四五六七八九十]{1,3}\s?日)?(?:以来|起|前|底|末|初)?"
    r"|[0-9０-９]{1,2}\s?月\s?[0-9０-９]{1,2}\s?日|自?(?:公布|印发|发布|颁布|通过)之日起?"
    r"|每(?:年|季度|月|周|半年)(?:[0-9一二三四五六七八九十]{1,3}月(?:底|初|份)?)?"
    r"|[0-9一二三四五六七八九十]{1,3}月(?:底|初|份|上旬|中旬|下旬)|(?:上|下)半年|年底前?|年初|当日|次日|当天"
    r"|(?:上午|下午|晚上|早上|中午)?\s?(?:[0-9０-９]{1,2}[:：][0-9０-９]{2}|[0-9０-９一二三四五六七八九十]{1,3}\s?[点时]"
    r"(?:整|半|一刻|三刻|[0-9０-９一二三四五六七八九十]{1,3}分)?(?=[至到前后，。、；（）\s]|$))"
)
_DURATION = re.compile(
    rf"(?:[0-9０-９]{{1,4}}|[{_CN}半]{{1,4}})\s?(?:个工作日|个月|工作日|年|天|日|小时|个小时|分钟|周|学时|课时)"
    r"(?:以内|之内|内|以上|以下)?"
)
_FREQUENCY = re.compile(
    rf"每(?:[{_CN}0-9]{{0,3}}(?:个)?)(?:年|半年|季度|季|月|周|日|天|学期)[^，。；]{{0,14}}?(?:[{_CN}0-9]{{1,4}}\s?(?:次|场|期|课|篇))"
    rf"|每(?:[{_CN}0-9]{{0,3}}(?:个)?)(?:年|半年|季度|季|月|周|日|天)|[{_CN}0-9]{{1,5}}(?:余|多)?\s?(?:次|场次|场)|定期|随时|按季度|按月|按年"
)
_PERSON = re.compile(
    r"[\u4e00-\u9fff]{0,12}?(?:委员会|工委|党委|党组|纪委|支部|办公室|领导小组|管理局|研究室|海关|联盟|"
    r"书记|主任|局长|处长|组长|委员|负责人|负责同志|领导|领导班子|队长|部门|机构|单位|组织部|宣传部|统战部|"
    r"志愿者|申请人|当事人|公司|中心|[\u4e00-\u9fff][局厅]|[\u4e00-\u9fff][部委办](?=[，。、；：负牵会主等（(]))"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:省|市|县|区|镇|乡|街道|社区|村|中心|会议室|大厅|广场|公园|学校|城|路|楼|室|港|湾|硅谷)"
)
_MONEY = re.compile(
    rf"(?:[0-9０-９][0-9０-９,.]{{0,12}}|[{_CN}]{{1,8}})\s?(?:余|多)?\s?(?:万|亿|千|百)?\s?(?:余|多)?元"
)
_MODAL = re.compile(
    r"可以|不得|应当|应|必须|禁止|严禁|不能|不可|可|有权|无权|除外|但|经[^，。]{1,20}(?:批准|同意)|需|允许|须|免"
)
_DEFINES = re.compile(r"是指|，?是|指的是|即|称为|所称|：|指|简称|意思是")
_REASON = re.compile(
    r"为了|为[^，。]{2,40}，|由于|因为|因此|旨在|目的|以便|根据|解决|针对|背景|着眼|着力"
)
_STEP = re.compile(
    r"应当|先|再|然后|首先|第一|一是|按|通过|采取|由|报|步骤|流程|及时|建立|组织|实行|推行|围绕|负责"
)
_LISTS = re.compile(r"包括|包含|分为|下列|以下|如下|主要有|分别|组成|涵盖|即|面向|是：|所称")
_STATED = re.compile(
    rf"([0-9]{{1,7}}|[{_CN}]{{1,6}})"
    r"(个|名|人|位|家|支|项|条|类|种|次|场|件|份|处|组|批|天|年|月|元|户|大|型|域)(?![以之内])"
)
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?]")
_COMPATIBLE: dict[str, tuple[str, ...]] = {
    "名": ("名", "人", "位"),
    "人": ("名", "人", "位"),
    "位": ("名", "人", "位"),
    "场": ("场", "场次", "次"),
    "次": ("次", "场", "场次", "期"),
    "天": ("天", "日", "个工作日"),
    "日": ("天", "日", "个工作日"),
    "家": ("家", "户", "个"),
    "个": ("个", "家", "项", "支", "种", "类", "大", "条", "名"),
    "项": ("项", "个", "条", "种"),
    "支": ("支", "个"),
}


def type_match(question: Question, text: str) -> tuple[float, list[tuple[int, int]]]:
    """How far ``text`` holds an answer of the asked type (0–1), and where it stands in ``text``."""
    kind = question.kind
    if kind is Kind.NUMBER:
        return _number(question, text)
    pattern = {
        Kind.DATE: _DATE,
        Kind.DURATION: _DURATION,
        Kind.FREQUENCY: _FREQUENCY,
        Kind.PERSON: _PERSON,
        Kind.PLACE: _PLACE,
    }.get(kind)
    if pattern is not None:
        spans = _spans(pattern, question, text)
        if kind is Kind.PERSON:
            if question.noun:  # 首问责任人是谁: the sentence that says who is one
                told = re.search(
                    rf"(?:为|是|担任|称){re.escape(question.noun)}|{re.escape(question.noun)}(?:是|由)",
                    fold(text),
                )
                return (1.0 if told else 0.5 if spans else 0.2), []
            return (1.0, []) if spans else (0.3, [])
        if kind is Kind.DURATION and not spans:
            often = _spans(_FREQUENCY, question, text)
            return 0.7 * _sureness(text, often), often
        if kind is Kind.PLACE:
            return (1.0, []) if spans else (0.05, [])
        return _sureness(text, spans), spans
    if kind is Kind.LIST or question.count:
        return _listing(question, text)
    soft = {
        Kind.YES_NO: _MODAL,
        Kind.DEFINITION: _DEFINES,
        Kind.REASON: _REASON,
        Kind.HOW_TO: _STEP,
    }.get(kind)
    if soft is None:
        return 0.5, []
    return (
        _defines(question, text) if kind is Kind.DEFINITION else float(bool(soft.search(text)))
    ), []


def _sureness(text: str, spans: Sequence[tuple[int, int]]) -> float:
    """1 for a stated time, less for 定期 and the like, 0 for none."""
    if not spans:
        return 0.0
    return (
        0.5 if all(text[a:b] in ("定期", "随时", "年底", "当天", "当日") for a, b in spans) else 1.0
    )


def _number(question: Question, text: str) -> tuple[float, list[tuple[int, int]]]:
    if question.wants_money:
        spans = _spans(_MONEY, question, text)
        return (1.0, spans) if spans else (0.0, [])
    best: list[tuple[int, int]] = []
    level = 0.0
    for match in _NUMBER.finditer(text):
        score = _number_fit(question, text, match)
        if score > level:
            level, best = score, [match.span()]
        elif score == level > 0:
            best.append(match.span())
    return level, [_trimmed(text, span) for span in best[:3]]


def _number_fit(question: Question, text: str, match: re.Match[str]) -> float:
    """1 where the unit fits and the asked-about noun stands beside the number, less otherwise."""
    found = match.group()
    if not any(char.isdecimal() or char in _CN for char in found) or found.startswith("第"):
        return 0.0
    if any(fold(found) in entity for entity in question.entities):
        return 0.0  # the five of “五融合” is a name
    unit = question.unit
    has_unit = not (found[-1].isdecimal() or found[-1] in _CN + "余多")
    wanted = _COMPATIBLE.get(unit, (unit,))
    if "比例" in question.text or "百分" in question.text or "占" in question.text:
        return 1.0 if ("%" in found or "％" in found or "百分之" in found) else 0.0
    bare_cn = len(fold(found)) == 1 and not has_unit
    if unit and has_unit and not found.endswith(wanted):
        return 0.05 if not bare_cn else 0.0
    if bare_cn:
        return 0.0
    after = fold(_CLAUSE_END.split(text[match.end() : match.end() + 16])[0])
    earlier = fold(text[: match.start()])
    before = fold(_CLAUSE_END.split(text[max(0, match.start() - 20) : match.start()])[-1])
    beside = any(word in after or word[-2:] in after for word in question.focus)
    near = any(word in before for word in question.focus)
    above = any(word in earlier for word in question.focus)
    year = found.endswith("年") and unit != "年"
    if year:
        return 0.0
    if not question.focus:
        return 0.8 if has_unit else 0.5
    return 1.0 if beside else 0.9 if near else 0.6 if above else 0.3 if has_unit else 0.1


def _listing(question: Question, text: str) -> tuple[float, list[tuple[int, int]]]:
    size, span = enumeration(text, question.count)
    if question.count and size == question.count:
        return 1.0, [span]
    noun = question.noun
    if text.endswith(("：", ":")):
        named = noun and fold(text).rstrip("：:").endswith(noun)
        return (1.0 if named or not noun else 0.7), []
    if noun and re.search(rf"[0-9{_CN}](?:项|个|种|类|条|大|方面)?{re.escape(noun)}", fold(text)):
        return 1.0, ([span] if size >= 2 else [])
    lists = list(_LISTS.finditer(text))
    if size >= 2 and not question.count and lists:
        named = any(word in fold(text[: lists[-1].start()]) for word in question.focus)
        return (1.0 if named else 0.8), [span]
    if size >= 3:
        return 0.5, ([] if question.count else [span])
    return (0.3 if size == 2 else 0.1), []


def enumeration(text: str, count: int | None = None) -> tuple[int, tuple[int, int]]:
    """Size and range of the longest run a、b、c和d in ``text`` (the run of ``count`` if any)."""
    best: tuple[int, tuple[int, int]] = (0, (0, 0))
    start = 0
    for clause in re.split(r"([，。；：:;！？（）()])", text):
        end = start + len(clause)
        commas = clause.count("、")
        if commas:
            size = commas + 1
            last = clause[clause.rfind("、") + 1 :]
            joined = re.search(r"[\u4e00-\u9fff”》](?:以及|和|与|及)[\u4e00-\u9fff“《]", last)
            sizes = {size, size + 1} if joined else {size}
            size = count if count is not None and count in sizes else max(sizes)
            if (count and size == count and best[0] != count) or (
                best[0] != count and size > best[0]
            ):
                best = (size, (start, end))
        start = end
    if best[0] < 2 and count:
        clauses = [part for part in re.split(r"[，；]", text) if part.strip()]
        if len(clauses) == count and "；" in text:
            return count, (0, len(text))
    return best


def premises(question: Question, texts: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each amount that the question takes for granted (41个片区), with what the texts say instead.

    Amounts that the texts state as well are left out; None where they state no such amount.
    """
    found: list[tuple[str, str | None]] = []
    stated = [(text, match) for text in texts for match in _STATED.finditer(text)]
    for asked in _STATED.finditer(question.text):
        noun = fold(question.text[asked.end() : asked.end() + 2])
        same = [
            match.group()
            for text, match in stated
            if match.group(2) == asked.group(2)
            and len(noun) == 2
            and noun in fold(text[match.end() : match.end() + 12])
        ]
        value = read_number(asked.group(1))
        year = asked.group(2) == "年" and value is not None and value > 1000
        if asked.group(1) == "一" or year:
            continue
        if not any(read_number(amount[: -len(asked.group(2))]) == value for amount in same):
            found.append((asked.group(), same[0] if same else None))
    return found


def _defines(question: Question, text: str) -> float:
    folded = fold(text)
    terms = question.entities or tuple(word for word in question.words if len(word) > 1)
    for term in terms[:4]:
        place = folded.find(fold(term))
        if place >= 0 and f"简称{fold(term)}" in folded:
            return 0.9
        if 0 <= place <= 16 and _DEFINES.search(text[place : place + len(term) + 12]):
            return 1.0
    return 0.4 if any(fold(term) in folded[:30] for term in terms) else 0.1


def _spans(pattern: re.Pattern[str], question: Question, text: str) -> list[tuple[int, int]]:
    asked = fold(question.text)
    return [
        _trimmed(text, match.span())
        for match in pattern.finditer(text)
        if match.group().strip() and fold(match.group()) not in asked
    ][:3]


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while end > start and text[end - 1] in " ,，.":
        end -= 1
    while start < end and text[start] == " ":
        start += 1
    return start, end
