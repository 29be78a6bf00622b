"""What an abstention says: what was looked for, what is missing, and what comes nearest."""

from __future__ import annotations

import re

from assistant.named import named_things, written
from assistant.question import Kind, Question
from assistant.support import Evidence, contradicted, missing_words
from assistant.terms import is_noun
from assistant.text import fold

NOTHING = "文库里没有找到能回答这个问题的依据。"
_LOOK = "可以换个说法再问，或看看下面可能相关的内容。"
_ASKED_FOR = {
    Kind.NUMBER: "数目",
    Kind.DATE: "时间",
    Kind.FREQUENCY: "频次",
    Kind.DURATION: "期限",
    Kind.PERSON: "负责的人或单位",
    Kind.NAME: "名称",
    Kind.CODE: "号码或网址",
    Kind.PLACE: "地点",
    Kind.REASON: "原因",
    Kind.HOW_TO: "办法",
    Kind.DEFINITION: "含义",
}
_INTERROGATIVE = re.compile(
    "多少钱|(?:分别)?(?:是|有|为)?(?:多少|几|哪|什么|啥|谁|何)|由谁|归谁|找谁|多久|多长|多大|怎么|怎样|如何|为什么|为何|吗|能不能|可不可以|是否"
)
_TAIL = re.compile(
    "(?:一共|总共|大概|到底|究竟|现在|目前|需要|应该|分别|要花|要交|花了|得花|[是有由归在到花要得能会共用需该都就给了叫设为的，、]){1,20}$"
)
_HEAD = re.compile("^(?:请问|想问一?下?|我想知道|麻烦问下|咨询一?下?|那|那么)[，,]?")
_YEAR = re.compile("(?:19|20)[0-9]{2}年?(?:的|版)?")
#: What is asked for is the last word of the subject: 联系电话, 任期.
_NAMED_ALREADY = re.compile(
    "(?:电话|号码|热线|邮箱|网址|账号|文号|地址|地点|位置|时间|日期|期限|任期|时限|频次|次数|人数|数量|数目|名称|名字|姓名"
    "|标准|金额|费用|经费|补贴|工资|负责人|联系人|书记|主任|局长|原因|含义|办法|流程|程序)$"
)
_SUBJECT = 24  # characters of the question that are said again
_NEAREST = 40  # characters of the nearest passage that are shown


def refusal_message(question: Question, evidence: Evidence | None = None) -> str:
    """Two Chinese sentences: what the library lacks, and where the nearest text stands."""
    if evidence is None:
        return f"{NOTHING}{_LOOK}"
    return f"{_lacks(question, evidence)}；最接近的是{_nearest(evidence)}。"


def without_years(text: str) -> str:
    """A question without the years that it names; itself where nothing would be left."""
    return _YEAR.sub("", text) if any(c.isalnum() for c in _YEAR.sub("", text)) else text


def _lacks(question: Question, evidence: Evidence) -> str:
    away = contradicted(evidence) or _unnamed(evidence)
    if away:
        return f"文库里没有找到讲“{away}”的依据，别处的内容不能代替"
    sought = _sought(question)
    words = [word for word, weight in missing_words(evidence) if weight >= 0.5 and is_noun(word)]
    unsaid = [word for word in words if word not in evidence.passage][:2]
    missing = "".join(f"“{word}”" for word in unsaid)
    told = f"（最接近的内容没有写到{missing}）" if missing else ""
    return f"文库里没有找到{sought}{told}"


def _unnamed(evidence: Evidence) -> str:
    """A place, body or person of the question that the evidence does not speak of."""
    near = evidence.own + evidence.above + evidence.passage + evidence.subject
    for name in named_things(evidence.question.text):
        if not written(name, near):
            return name.name
    return ""


def _sought(question: Question) -> str:
    subject = _subject(question.text)
    asked_for = "金额或标准" if question.wants_money else _ASKED_FOR.get(question.kind, "")
    if question.kind is Kind.LIST and question.noun:
        asked_for = question.noun
    if not subject:
        return f"这个问题的{asked_for or '依据'}"
    if _NAMED_ALREADY.search(subject):
        return f"“{subject}”"
    return f"“{subject}”的{asked_for or '依据'}"


def _subject(text: str) -> str:
    """The question up to its word of asking, without what leads to it; "" where that is nothing."""
    bare = _HEAD.sub("", text.strip("？?。！! "))
    match = _INTERROGATIVE.search(bare)
    subject = _TAIL.sub("", bare[: match.start()] if match else bare)
    if len(fold(subject)) < 2 and match:
        subject = bare[match.end() :].lstrip("个名位些家里的是")
    subject = subject.replace("“", "").replace("”", "")
    return subject if len(subject) <= _SUBJECT else ""


def _nearest(evidence: Evidence) -> str:
    anchor = evidence.anchor
    title = anchor.hit.document.title.strip("《》")
    place = anchor.hit.passage.article or ""
    said = " ".join(anchor.unit.text.split())
    said = said if len(said) <= _NEAREST else said[: _NEAREST - 1] + "…"
    return f"《{title}》{place}：“{said}”"
