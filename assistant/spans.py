"""Finding the very answer in a sentence: the number, date, person, place or list asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.enumerations import listing
from assistant.quantities import Span, compatible, number_fit, same_unit, trimmed
from assistant.question import Kind, Question
from assistant.terms import tagged
from assistant.text import fold

_CN = "零〇一二两三四五六七八九十百千"
_DATE = re.compile(
    r"(?:[0-9０-９]{4}|[零〇一二三四五六七八九]{4})\s?年(?:\s?[0-9０-９一二三四五六七八九十]{1,3}\s?月)?"
    r"(?:\s?[0-9０-９一二三四五六七八九十]{1,3}\s?日)?(?:以来|起|前|底|末|初)?"
    r"|[0-9０-９]{1,2}\s?月\s?[0-9０-９]{1,2}\s?日|自?(?:公布|印发|发布|颁布|通过)之日起?|自[^，。；]{1,12}之日起?"
    r"|每(?:年|季度|月|周|半年)(?:[0-9一二三四五六七八九十]{1,3}月(?:底|初|份)?)?"
    r"|[0-9一二三四五六七八九十]{1,3}月(?:底|初|份|上旬|中旬|下旬)?|(?:上|下)半年|第?[一二三四1-4]季度"
    r"|年底前?|年初|当日|次日|当天|[^，。；]{0,8}(?:前|后|起)?[0-9一二三四五六七八九十两]{1,4}个?(?:工作日|日|天|月|周|小时)(?:以内|之内|内|前)"
    r"|(?:上午|下午|晚上|早上|中午)?\s?(?:[0-9０-９]{1,2}[:：][0-9０-９]{2}|[0-9０-９一二三四五六七八九十]{1,3}\s?[点时]"
    r"(?:整|半|一刻|三刻|[0-9０-９一二三四五六七八九十]{1,3}分)?(?=[至到前后，。、；（）\s]|$))"
)
#: Which of the dates a question wants: of the clock, a month or day, a year.
_CLOCK, _MONTH, _YEAR = (
    (re.compile(r"几点|钟点"), re.compile("[点时:：]")),
    (re.compile(r"几月|哪个?月|几号|哪天|哪一天|哪日"), re.compile("[月日]")),
    (re.compile(r"哪一?年|几年开始"), re.compile("[0-9零〇一二三四五六七八九]{4}年")),
)
_DURATION = re.compile(
    rf"(?<!每)(?:[0-9０-９]{{1,4}}|[{_CN}半]{{1,4}})\s?"
    r"(?:个工作日|个月|工作日|年|天|日|小时|个小时|分钟|周|学时|课时)(?:以内|之内|内|以上|以下)?"
    r"(?:[0-9]{1,2}分)?|当(?:天|日|场|年)|长期|永久"
)
_FREQUENCY = re.compile(
    rf"每(?:[{_CN}0-9]{{0,3}}(?:个)?)(?:年|半年|季度|季|月|周|日|天|学期)[^，。；]{{0,14}}?(?:[{_CN}0-9]{{1,4}}\s?(?:次|场|期|课|篇))"
    rf"|每(?:[{_CN}0-9]{{0,3}}(?:个)?)(?:年|半年|季度|季|月|周|日|天)|[{_CN}0-9]{{1,5}}(?:余|多)?\s?(?:次|场次|场)|定期|随时|按季度|按月|按年"
)
_ROLE = (
    "委员会|工委|党委|党组|纪委|支部|办公室|领导小组|管理局|研究室|海关|联盟|书记|主任|局长|处长|组长|委员|"
    "负责人|负责同志|领导|领导班子|领导干部|队长|部门|机构|单位|组织部|宣传部|统战部|志愿者|申请人|当事人|公司|中心|"
    "机关|人民政府|法院|检察院|财政部|[\u4e00-\u9fff]{2,4}总局|组织科|工会|主席|副书记|联络员|网格员|观察员|安全员|引导员|管理员|工作人员|党员|召集人|主持人|小组|一方|大会|会议|"
    "[局厅处科]|的人"
)
_PERSON = re.compile(rf"[\u4e00-\u9fff]{{0,8}}?(?:{_ROLE})")
#: 由工委解释, 报机关党委审批, 工会主席负责: who does it stands here.
_AGENT = re.compile(
    rf"(?:由|经|报|向|找|归|听|服从|交|为|是)[^，。；、]{{0,14}}?(?:{_ROLE})|(?:{_ROLE})[^，。；]{{0,4}}(?:负责|担任|牵头|统一|组织|审定|领学)"
    rf"|(?:责任|主管|牵头|主办)(?:单位|部门|人)?[：:][^；]{{2,20}}|由谁[^：]{{0,4}}[：:][^；]{{2,20}}"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:省|市|县|区|镇|乡|街道|社区|村|中心|会议室|大厅|广场|公园|学校|城|路|楼|层|室|港|湾|硅谷|"
    r"下方|上方|左侧|右侧|两侧|腋下|现场|驿站|窗口|科|柜|栏|箱|部门|预算|网站|入口)"
)
_MODAL = re.compile(
    r"可以|不得|应当|应|必须|禁止|严禁|不能|不可|可|有权|无权|除外|但|经[^，。]{1,20}(?:批准|同意)|需|允许|须|免|不予|不要|一律|不准|不[^，。]"
)
#: The words of a ruling that are shown bold: may, must not, need not, except.
_RULING = re.compile(
    r"不得|应当|必须|禁止|严禁|不能|不可以|可以|有权|无权|除外|不予|免予|一律(?=不)|不再(?!有)|不准|不受"
)
_DEFINES = re.compile(r"是指|，?是|指的是|即|称为|所称|：|指|简称|意思是")
_REASON = re.compile(
    r"为了|为[^，。]{2,40}，|由于|因为|因此|因|旨在|目的|以便|根据|解决|针对|背景|着眼|着力|靠的是"
)
_STEP = re.compile(
    r"应当|应|先|再|然后|首先|第一|一是|按|通过|采取|由|报|步骤|流程|及时|建立|组织|实行|推行|围绕|负责|不得|用|责令|追究"
)
_CODE = re.compile(
    r"[0-9]{3,4}-?[0-9]{7,8}|1[3-9][0-9]{9}|〔[0-9]{4}〕\s?[0-9]{1,4}号|[\w.]{2,40}@[\w.]{3,40}|https?://|www\.|(?<![0-9])1[0-2][0-9](?![0-9])"
)
#: 在定点饭店安排, 到居住地社区报到, 向…报到: where it is or goes.
_STANDS_AT = re.compile(
    r"(?:在(?![职编岗校])|到|至|于|放在|存放于|设在|送至)((?:(?![到在至于、])[\u4e00-\u9fff（）“”]){2,24}?)(?=报到|安排|举行|召开|进行|办理|开展|集结|集合|存放|领取|提交|登记|居住|[，。；]|的[，。；])"
)
_TITLE = re.compile(r"《[^《》]{2,60}》")
_GROUND = re.compile(r"根据|依据|依照|按照|遵照|参照|适用|执行")
_BY_WHOM = re.compile(r"(?:由谁|谁来?|哪一?个(?:部门|单位|机构|机关)来?)([\u4e00-\u9fff]{2})")
_OPENS = re.compile(
    rf"(?:第[零一二三四五六七八九十百]{{1,6}}条[\s　]*)?([\u4e00-\u9fff（）、]{{0,16}}?(?:{_ROLE}))"
)
_ASIDE = re.compile(r"（[\u4e00-\u9fff]{1,8}）")
#: The office at the end of 市住建局副局长.
_OFFICE = re.compile(
    r"(?:副|常务副|总)?(?:书记|主任|局长|处长|科长|队长|组长|馆长|镇长|市长|县长|区长|校长|院长|所长|部长|经理|主席|秘书长|会长|站长|委员)$"
)
#: 向谁, 由哪个部门: the answer stands after the same word.
_BY_WAY = re.compile(r"(由|向|找|报|经|归|交)(?:谁|哪)")
_IN_FORCE = re.compile(r"施行|实施|生效|执行|试行")
_ROLES = re.compile(_ROLE)
_NAME = re.compile(r"《[^《》]{2,40}》|“[^“”]{2,20}”")


def type_match(question: Question, text: str) -> tuple[float, list[Span]]:
    """How far ``text`` holds an answer of the asked type (0–1), and where it stands in ``text``."""
    kind = question.kind
    if kind is Kind.NUMBER:
        return number_fit(question, text)
    typed = {
        Kind.DATE: _date,
        Kind.DURATION: _duration,
        Kind.FREQUENCY: _frequency,
        Kind.PERSON: _person,
        Kind.PLACE: _place,
        Kind.CODE: _code,
        Kind.NAME: _name,
        Kind.DOCUMENT: _document,
    }.get(kind)
    if typed is not None:
        return typed(question, text)
    if kind is Kind.LIST or question.count:
        return listing(question, text)
    if kind is Kind.DEFINITION:
        return _defines(question, text), []
    if kind is Kind.YES_NO and not question.amounts:
        modals = [match.span() for match in _RULING.finditer(text)]
        return float(bool(_MODAL.search(text))), modals[:4]
    if kind is Kind.YES_NO:
        spans = same_unit(question, text)
        return (1.0, spans) if spans else (0.6 * bool(_MODAL.search(text)), [])
    soft = {Kind.YES_NO: _MODAL, Kind.REASON: _REASON, Kind.HOW_TO: _STEP}.get(kind)
    return (float(bool(soft.search(text))) if soft else 0.5), []


def _date(question: Question, text: str) -> tuple[float, list[Span]]:
    spans = _fresh(_DATE, question, text)
    if spans and _IN_FORCE.search(question.text):
        trial = "试行" in question.text
        told = [
            (a, b)
            for a, b in spans
            if _IN_FORCE.search(text[b : b + 6]) and (trial or "试行" not in text[b : b + 4])
        ]
        return (1.0, told) if told else (0.3, [])
    for asks, holds in (_CLOCK, _MONTH, _YEAR):
        if spans and asks.search(question.text):
            right = [span for span in spans if holds.search(text[slice(*span)])]
            return (1.0, right) if right else (0.3, [])
    return _sureness(text, spans), spans


def _duration(question: Question, text: str) -> tuple[float, list[Span]]:
    spans = _fresh(_DURATION, question, text)
    if question.unit and spans:
        units = compatible(question.unit)
        right = [s for s in spans if any(u in text[slice(*s)] for u in units)]
        if right:
            return 1.0, right
        return 0.4, spans
    if not spans:
        often = _fresh(_FREQUENCY, question, text)
        return 0.6 * _sureness(text, often), often
    return _sureness(text, spans), spans


def _frequency(question: Question, text: str) -> tuple[float, list[Span]]:
    spans = _fresh(_FREQUENCY, question, text)
    return _sureness(text, spans), spans


def _person(question: Question, text: str) -> tuple[float, list[Span]]:
    if question.noun:  # 首问责任人是谁: the sentence that says who is one
        told = re.search(
            rf"(?:为|是|担任|称){re.escape(question.noun)}|{re.escape(question.noun)}(?:是|由|：)",
            fold(text),
        )
        if told:
            return 1.0, _is_one(question.noun, text)
        names = _holders(question.noun, text)
        if names:
            return 1.0, names
        return (0.4 if _others(_PERSON, question, text) else 0.1), []
    agents = _agents(question, text)
    if agents:
        return 1.0, agents
    return (0.6 if _others(_PERSON, question, text) else 0.1), []


def _agents(question: Question, text: str) -> list[Span]:
    """Who does it: what stands after 由, 经, 报, 向 and before the verb, without these words."""
    asked = fold(question.text)
    spans: list[Span] = []
    way = _BY_WAY.search(question.text)
    matches = list(_AGENT.finditer(text))
    same = [match for match in matches if way and match.group().startswith(way[1])]
    for match in same or matches:
        if fold(match.group())[-3:] in asked:
            continue
        start, end = match.span()
        while start < end - 1 and text[start] in "由经报向找归听交为是":
            start += 1
        end = max((role.end() for role in _ROLES.finditer(text, start, end)), default=end)
        aside = _ASIDE.match(text, end)  # 党委（党组）
        spans.append(trimmed(text, (start, aside.end() if aside else end)))
    return spans[:2] or _subject(question, text)


def _subject(question: Question, text: str) -> list[Span]:
    """财政部…制定差旅费标准 for 由谁制定: the body that the sentence begins with, before the verb."""
    asked = _BY_WHOM.search(question.text)
    if asked is None or asked[1] not in text:
        return []
    found = _OPENS.match(text)
    if found is None or found.end() > text.find(asked[1]) or fold(found[1]) in fold(question.text):
        return []
    return [found.span(1)]


def _holders(noun: str, text: str) -> list[Span]:
    """副局长何立: the names that stand right after the office that is asked for."""
    office = _OFFICE.search(noun)
    if office is None:
        return []
    found: list[Span] = []
    for match in re.finditer(re.escape(office[0]), text):
        after = tagged(text[match.end() : match.end() + 6])
        if after and after[0][1].startswith("nr") and 2 <= len(after[0][0]) <= 4:
            found.append((match.end(), match.end() + len(after[0][0])))
    return found[:2]


def _is_one(noun: str, text: str) -> list[Span]:
    """第一位接待的人员为首问责任人: what stands before 为 and the noun, or after the noun and 是."""
    before = re.search(rf"([^，。；：\s）)]{{2,30}})(?:为|是|担任){re.escape(noun)}", text)
    after = re.search(
        rf"{re.escape(noun)}(?:是|由|：)([^，。；]{{2,24}}?)(?:担任|兼任|[，。；]|$)", text
    )
    found = before or after
    return [found.span(1)] if found else []


def _place(question: Question, text: str) -> tuple[float, list[Span]]:
    wanted = re.search(r"哪(?:个|一个|间|家)([\u4e00-\u9fff]{2,3})", question.text)
    asked = fold(question.text)
    spans = [
        match.span() for match in _PLACE.finditer(text) if fold(match.group())[-3:] not in asked
    ]
    found = [text[a:b] for a, b in spans]
    if wanted and not any(fold(wanted[1]) in fold(one) for one in found):
        return 0.05, []
    stated = [
        (match.start(1), match.end(1))
        for match in _STANDS_AT.finditer(text)
        if fold(match[1])[-3:] not in asked
    ]
    if stated:
        return 1.0, stated[:2]
    return (0.75 if found else 0.05), spans[:2]


def _document(question: Question, text: str) -> tuple[float, list[Span]]:
    """A title in book marks that the question does not name, best after 根据, 依照, 按照."""
    asked = fold(question.text)
    spans = [m.span() for m in _TITLE.finditer(text) if fold(m.group()) not in asked]
    told = [(a, b) for a, b in spans if _GROUND.search(text[max(0, a - 6) : a])]
    if told:
        return 1.0, told[:3]
    return (0.6 if spans else 0.0), spans[:3]


def _code(question: Question, text: str) -> tuple[float, list[Span]]:
    spans = _fresh(_CODE, question, text)
    return float(bool(spans)), spans


def _name(question: Question, text: str) -> tuple[float, list[Span]]:
    """A name is quoted, or stands by itself after the thing named."""
    spans = _fresh(_NAME, question, text)
    return (0.6 if spans else 0.0), spans


def _sureness(text: str, spans: Sequence[Span]) -> float:
    """1 for a stated time, less for 定期 and the like, 0 for none."""
    if not spans:
        return 0.0
    return (
        0.5 if all(text[a:b] in ("定期", "随时", "年底", "当天", "当日") for a, b in spans) else 1.0
    )


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


def _fresh(pattern: re.Pattern[str], question: Question, text: str) -> list[Span]:
    """Matches that the question does not say itself."""
    asked = fold(question.text)
    return [
        trimmed(text, match.span())
        for match in pattern.finditer(text)
        if match.group().strip() and fold(match.group()) not in asked
    ][:3]


def _others(pattern: re.Pattern[str], question: Question, text: str) -> list[str]:
    """Matches whose last word (two characters) is not the question's own."""
    asked = fold(question.text)
    return [m.group() for m in pattern.finditer(text) if fold(m.group())[-3:] not in asked]
