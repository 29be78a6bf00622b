"""What kind of document an office should add so that a refused question can be answered."""

from __future__ import annotations

import re

from assistant.activity.records import Reply
from assistant.question import Kind, Question, QuestionError, understand
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

_ADDRESS = re.compile(r"第[零〇一二两三四五六七八九十百千0-9]{1,9}条")
_BY_KIND = {
    Kind.NUMBER: "写明数额、标准或人数的办法、细则或通知",
    Kind.DATE: "写明时间的通知、方案或公告",
    Kind.FREQUENCY: "写明多久一次的制度或工作安排",
    Kind.DURATION: "写明办理期限、时限的办法或办事指南",
    Kind.PERSON: "写明由谁负责的职责分工、岗位职责或机构设置文件",
    Kind.NAME: "写明名称、人员的名单、台账或方案",
    Kind.CODE: "通讯录、文号登记或联系方式一览",
    Kind.PLACE: "写明地点的通知、办事指南或联系方式一览",
    Kind.LIST: "列出全部事项的清单、目录或办法",
    Kind.YES_NO: "写明准不准、有什么例外的规定，或上级的答复",
    Kind.HOW_TO: "写明步骤、材料的办事指南、流程或规程",
    Kind.COMPARE: "把两方面都写明的文件，或另一个版本的原文",
    Kind.DEFINITION: "解释这个词的办法、释义或学习材料",
    Kind.SUMMARY: "这份文件的全文",
    Kind.REASON: "说明缘由的背景材料、起草说明或解读",
}


def advice(question: str, reply: Reply) -> str:
    """One Chinese line, from what the question asks for and what was found instead."""
    try:
        asked = understand(question)
    except QuestionError:
        return "问题本身看不明白，可以忽略。"
    titles = [cited.title for cited in reply.related]
    absent = [one for one in asked.titles if not any(fold(one) in fold(t) for t in titles)]
    if absent:
        return f"加入《{absent[0]}》的全文：文库里没有这份文件。"
    if _ADDRESS.search(asked.text) and asked.titles:
        return "核对条号；如果问的是另一个版本，请加入那个版本的全文。"
    if asked.wants_old:
        return "加入修订前的旧版本，并在 manifest.toml 里写明效力状态。"
    what = _BY_KIND.get(asked.kind, "说到这件事的制度、通知或材料")
    return f"加入{_bound(asked, reply)}{_about(asked)}{what}{_beside(asked, reply)}。"


def _bound(asked: Question, reply: Reply) -> str:
    """The year and the place that the documents found do not have."""
    found = fold(" ".join(f"{c.title} {c.path} {c.quote}" for c in reply.related))
    years = [f"{year}年" for year in asked.years if str(year) not in found]
    places = [place for place in asked.places if fold(place) not in found]
    return "".join(f"{one}的" for one in (*years[:1], *places[:1]))


def _about(asked: Question) -> str:
    """The question's own words, where they say what it is about."""
    words = [w for w in asked.words if len(w) > 1 and w not in GENERIC_WORDS]
    return f"关于“{'、'.join(words[:3])}”、" if words else ""


def _beside(asked: Question, reply: Reply) -> str:
    """Where the topic stands already, so that the document can be completed instead."""
    words = [w for w in asked.words if len(w) > 1]
    for cited in reply.related[:1]:
        text = fold(f"{cited.title} {cited.path} {cited.quote}")
        if words and sum(word in text for word in words) >= max(1, len(words) / 2):
            return f"；或在《{cited.title.strip('《》')}》里补充"
    return ""
