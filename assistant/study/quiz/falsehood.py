"""Minimal edits that make a true sentence false: number, modality, body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from assistant.study.model import StudyCitation
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import Pool
from assistant.study.quiz.numbers import asked_numbers, wrong_numbers
from assistant.study.quiz.offices import asked_bodies, wrong_bodies

_MODAL = re.compile("应当|可以|不得|必须|禁止|严禁|不应|不能|不准|无权|有权")
#: What a duty that could as well be left to one's choice begins with: 应当及时通知, 应当向…报告. Others
#: (应当遵守, 应当符合) would read like a slip when they are turned into a permission.
_CHOOSABLE = re.compile(
    "^(?:及时|立即|当场|书面|同时|按照|按规定|根据|依照|在|自(?=[^，。]{1,20}起)|向|由|报(?!经)|将|对(?![^，。]*负责)|会同|组织|说明|告知|通知|移送|公告|公布|"
    "公示|备案|审查|审核|作出|出具|制作|登记|申请|办理|听取|征求|给予|予以|责令|建立|制定|设立|配备|提交|提供|附|签订|"
    "采取|退还|赔偿|补偿|撤销|注销|暂停|停止|召开|举行|进行|开展|派|指定|回避|减发|免去|从重|从轻|减轻|认定|讯问|询问|"
    "核实|复查|移交|查验|记录|保存|编制|拟订|参加|当庭|定期|每|单独|分别|一并|委托|要求|通过|报送|补|延长|重新|形成|约谈|宣布)"
)
#: Acts that nobody takes to be allowed: 任何人可以挪用 is no question.
_PLAIN_WRONG = re.compile(
    "擅自|截留|挪用|侵占|破坏|非法|泄露|滥用|虚报|伪造|歧视|虐待|侵犯|危害|损害|干扰|阻挠|打击|利用职务|违反|隐瞒|贪污|骗取|刁难|侮辱|"
    "徇私|私分|随意|挪作|弄虚作假|超越|借机|以权|变相|玩忽"
)
_TURNED = {"应当": "可以", "可以": "应当", "不得": "可以", "必须": "可以"}
#: Conditions and their opposites; a sentence with exactly one of them can be turned.
_OPPOSITES = {
    "不得少于": "不得超过",
    "不得超过": "不得少于",
    "不得低于": "不得高于",
    "不得高于": "不得低于",
    "不少于": "不超过",
    "不超过": "不少于",
    "不低于": "不高于",
    "书面": "口头",
    "无记名": "记名",
    "三分之二以上": "过半数",
    "过半数": "三分之二以上",
}
_CONDITION = re.compile("|".join(sorted(_OPPOSITES, key=len, reverse=True)))
_SPOKEN = re.compile("口头|电话|当面|记录|报告|文件|材料|证明")


@dataclass(frozen=True)
class Falsehood:
    """A sentence made false; ``said`` stands at ``start`` instead of ``told``."""

    text: str
    sort: str
    said: str
    told: str
    start: int
    why: str
    citations: tuple[StudyCitation, ...] = ()
    closeness: float = 0.5


def sorts_of(sentence: Sentence) -> list[str]:
    """Which edits a sentence offers."""
    found: list[str] = []
    if next(asked_numbers(sentence), None) is not None:
        found.append("number")
    if next(asked_bodies(sentence), None) is not None:
        found.append("body")
    if condition(sentence.text) is not None:
        found.append("condition")
    if modal(sentence.text) is not None:
        found.append("modality")
    return found


def condition(text: str) -> re.Match[str] | None:
    """The one condition of a sentence that has an opposite, None for none or more."""
    found = list(_CONDITION.finditer(text))
    if len(found) != 1 or _OPPOSITES[found[0].group()] in text:
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if found[0].group()[-1] in "于过" and not re.match(
        "[0-9０-９一二两三四五六七八九十百千半]", after
    ):
        return None  # 不得超过限额制造: no bound of a number
    if re.search("(?:最[高长多低短少]|至[迟多少])$", before) or re.match("[^，；。]*的，", after):
        return None  # 最长不超过; or part of a condition
    if found[0].group() == "书面" and not re.match("通知|告知|申请|答复|提出|形式", after):
        return None
    return None if found[0].group() == "书面" and _SPOKEN.search(text) else found[0]


def modal(text: str) -> re.Match[str] | None:
    """The one modal word of a sentence; None where there is none, more than one, or a proviso."""
    found = list(_MODAL.finditer(text))
    if len(found) != 1 or found[0].group() not in _TURNED:
        return None
    if re.search("除外|但是|但|另有|确需|特殊|一般", text):
        return None
    after = text[found[0].end() :]
    if found[0].group() in ("应当", "必须") and not _CHOOSABLE.search(after):
        return None
    if found[0].group() == "可以" and re.match(
        "[以可]|自愿|选择|自行|协商|依法获得|享受|获得", after
    ):
        return None
    if re.search("义务|不允许|党中央|坚持|坚决|维护|习近平", text):
        return None  # nothing of principle is turned round
    if found[0].group() == "不得" and (
        _PLAIN_WRONG.search(after) or text.startswith(("任何", "各级"))
    ):
        return None
    if re.match("知道|预见|知悉", after) or text[: found[0].start()].endswith(
        ("或者", "而", "也", "还", "亦")
    ):
        return None
    if re.match("[^，；。]*的，", after):
        return None  # 应当追究责任的，…: part of a condition
    if found[0].group() == "可以" and text[: found[0].start()].endswith(
        ("不", "才", "方", "均", "都")
    ):
        return None
    return found[0]


def falsify(sentence: Sentence, sort: str, pool: Pool, chance: Random) -> Falsehood | None:
    """The sentence made false by one edit, None where the library says the edited one."""
    text = sentence.text
    where = sentence.article.named
    if sort == "number":
        numbers = list(asked_numbers(sentence))
        asked = chance.choice(numbers) if numbers else None
        if asked is None:
            return None
        found = wrong_numbers(asked, pool, 1, chance)
        if not found:
            return None
        one, right = found[0], asked.amount
        why = f"{where}规定的是“{right.text}”，不是“{one.text}”。{one.why}"
        false = text[: right.start] + one.text + text[right.end :]
        return Falsehood(false, sort, one.text, right.text, right.start, why, (one.citation,), 0.7)
    if sort == "body":
        offices = list(asked_bodies(sentence))
        office = chance.choice(offices) if offices else None
        if office is None:
            return None
        wrong = wrong_bodies(office, pool, 1, chance)
        if not wrong:
            return None
        body = office.body
        why = f"{where}规定的是“{body.text}”，不是“{wrong[0].text}”。{wrong[0].why}"
        false = text[: body.start] + wrong[0].text + text[body.end :]
        return Falsehood(
            false, sort, wrong[0].text, body.text, body.start, why, wrong[0].citations, 0.6
        )
    return _turned(sentence, sort, pool)


def _turned(sentence: Sentence, sort: str, pool: Pool) -> Falsehood | None:
    match = condition(sentence.text) if sort == "condition" else modal(sentence.text)
    if match is None:
        return None
    told = match.group()
    said = (_OPPOSITES if sort == "condition" else _TURNED)[told]
    says = pool.elsewhere.says_words(sentence.text, match.start(), match.end(), said)
    if any(one.in_force for one in says):
        return None
    false = sentence.text[: match.start()] + said + sentence.text[match.end() :]
    why = f"{sentence.article.named}用的是“{told}”，不是“{said}”。"
    closeness = 0.3 if told == "不得" else 0.7
    return Falsehood(false, sort, said, told, match.start(), why, (), closeness)
