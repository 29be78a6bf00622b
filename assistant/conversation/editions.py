"""修订前呢, 那2015年版的呢, 现在呢: the same question of another version."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.conversation.words import INTERROGATIVE, bare, without_tail

_OLD = (
    r"(?:在)?(?:修订|修改|修正)(?:之前|以前|前)|(?:旧|老|原|原来的?|以前的?|过去的?|上一)(?:版本?|办法|条例|规定|规则|准则|法|制度)"
    r"|试行(?:的?时候|时|期间|版|办法|稿)|以前|过去|原来"
)
_YEAR = r"(?:19|20)[0-9]{2}年?(?:的)?(?:版|修订版?|修正版?|修改版?|颁布的?|发布的?|印发的?|出台的?)(?:本)?"
_NOW = (
    r"现在|现行(?:版本?|规定|办法)?|目前|如今"
    r"|新(?:版本?|办法|条例|规定|规则|法)|最新(?:版本?|规定)?|(?:修订|修改|修正)(?:之后|以后|后)"
)
_ASKED = re.compile(
    rf"^(?:在)?(?:(?P<old>{_OLD})|(?P<year>{_YEAR})|(?P<now>{_NOW}))(?:的|里|中|是)?(?:规定|内容|版本)?(?:的|里|中|是)?"
)
_SAID = re.compile(
    rf"(?:{_OLD}|{_YEAR}|(?:19|20)[0-9]{{2}}年时有效)(?:的规定中，|的规定[中里]?[，,]?|里|中)?的?[，,]?|(?:现行|最新)的?(?=《)"
)
_ONLY = re.compile(
    r"^(?:怎么|如何|怎样)?(?:规定|说|写|讲)?的?(?:是)?(?:什么|怎样|怎么样|啥|多少)?$"
)
_PLAIN_YEAR = re.compile(r"^(?P<year>(?:19|20)[0-9]{2})年(?:度)?(?:的)?$")
_YEAR_SAID = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}年(?!版)")


def of_version(
    text: str, question: str, topic: str, title_at: Callable[[str], int | None]
) -> str | None:
    """``question`` asked of the version that ``text`` names; None where it names none.

    ``title_at`` tells where a known title begins in a question. A text that asks something of
    its own (修订前由谁审批) keeps that, with ``topic`` for what it leaves out.
    """
    asked = bare(text)
    asked, _ = without_tail(asked)
    if match := _PLAIN_YEAR.match(asked):
        year = f"{match['year']}年"
        if _YEAR_SAID.search(question):
            return _YEAR_SAID.sub(year, question)
        return f"{year}时有效的规定中，{_SAID.sub('', question)}"
    match = _ASKED.match(asked)
    if match is None:
        return None
    rest = asked[match.end() :]
    plain = _SAID.sub("", question)
    if rest and not _ONLY.match(rest):
        if match["now"] or (len(rest) > 12 and not INTERROGATIVE.search(rest)):
            return None
        plain = plain if INTERROGATIVE.fullmatch(rest) else f"{_SAID.sub('', topic)}{rest}？"
    if match["now"]:
        return plain
    return _marked(plain, match["old"] or "", match["year"] or "", title_at)


def _marked(question: str, old: str, year: str, title_at: Callable[[str], int | None]) -> str:
    at = title_at(question)
    if year:
        year = re.sub(r"年?的?(?=[版修颁发印出])", "年", year.rstrip("的"), count=1)
        mark = f"{year}的" if at is not None else f"{year}的规定中，"
    elif at is not None:
        mark = f"{'试行版' if old.startswith('试行') else '修订前'}的"
    else:
        mark = {"以前": "修订前", "过去": "修订前", "原来": "修订前"}.get(old, old)
        mark = (
            f"{mark}里" if mark[-2:] in ("办法", "条例", "规定", "规则", "准则", "制度") else mark
        )
    place = at or 0
    return question[:place] + mark + question[place:]
