"""Which other documents a text repeals: 《旧办法》（某发〔2019〕3号）同时废止."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from index.versions.dates import find_dates, parse_year
from index.versions.statements import Repeal

_VERB = re.compile("(?:废止|失效|停止执行|停止施行|停止使用)(?=[。；;，,：:、）)\\s]|$)")
_SENTENCE = re.compile("[。；;\n]")
_AFTER = re.compile("\\s?[（(][^（）()]{0,80}[）)]")
_PARTLY = re.compile(
    "第.{1,8}[条款项章]|中(?:的|与|有|第|关于|规定)|有关|部分|所附|附件|精神|不一致|相抵触"
)
_NUMBER = re.compile(
    "[\u4e00-\u9fffA-Za-z]{0,12}[〔［\\[（(]?[0-9]{4}[〕］\\]）)]?第?[0-9]{1,6}号|第[0-9]{1,6}号"
)
_ISSUED = re.compile("[^，。；《》]{0,40}(?:发布|印发|公布|颁布|制定|下发|通过|批准)的?\\s?$")
_ISSUED_IN = re.compile(
    "([0-9〇○零一二三四五六七八九]{4})\\s?年[^，。；《》日]{0,30}(?:发布|印发|公布|颁布|制定|下发)的?\\s?$"
)
_LISTED = re.compile("(?:下列|以下|如下).{0,30}$|：$|:$")
_ITEM = re.compile(
    "\\s{0,20}(?:[（(]?[0-9一二三四五六七八九十百]{1,4}[）)]?[、.．]?|[①-⑳])?\\s{0,20}(?:.{0,40}?)《"
)
_DECISION = re.compile("废止.{0,120}(?:决定|通知|公告|通告|令)$")
_ENACTS = re.compile("(?:废止|失效)\\s?《")
_GAP = 80
_LONGEST_SENTENCE = 3000
_LONGEST_TITLE = 150
_MOST = 300


def read_repeals(text: str, effective: date | None) -> list[Repeal]:
    """The documents that ``text`` (closing articles, or a decision) says are repealed.

    ``effective``: when the document's own clause takes effect; a sentence that states another date
    of the repeal has that one. Documents of which only a part is repealed are left out.
    """
    found: dict[tuple[str, str], Repeal] = {}
    listing = False
    for sentence in _SENTENCE.split(text):
        sentence = sentence[:_LONGEST_SENTENCE]
        if not sentence.strip():
            continue
        if listing and "《" in sentence and _ITEM.match(sentence):
            repeals = list(_titles(sentence, len(sentence)))[:1]
        else:
            listing = False
            repeals = []
        verb = None
        for verb in _VERB.finditer(sentence):
            repeals.extend(_sentence(sentence, verb.start(), effective))
        if verb is not None and _LISTED.search(sentence):
            listing = True
        for one in repeals:
            stated = one if one.effective else replace(one, effective=effective)
            found.setdefault((stated.title, stated.number), stated)
        if len(found) >= _MOST:
            break
    return list(found.values())


def read_decision(title: str, text: str, effective: date | None) -> list[Repeal]:
    """The same of a decision to repeal (关于废止《…》的决定): 废止《…》 wherever it stands."""
    if not _DECISION.search(title):
        return []
    whole = f"{title}\n{text}"
    found = {
        (one.title, one.number): replace(one, effective=one.effective or effective)
        for match in islice(_ENACTS.finditer(whole), _MOST)
        for one in _following(whole[match.end() - 1 : match.end() + 1000])
    }
    return list(found.values())[:_MOST]


def _following(text: str) -> Iterator[Repeal]:
    """The titles at the beginning of a text, joined by 、和及 or nothing but their numbers."""
    text = re.split("[。；;\n]", text)[0]
    spans = list(title_spans(text))
    for place, (start, end) in enumerate(spans):
        if place and not re.fullmatch(
            "[、，,和及与以并\\s]*", _AFTER.sub("", text[spans[place - 1][1] : start])
        ):
            return
        after = text[end : spans[place + 1][0] if place + 1 < len(spans) else len(text)]
        if not _PARTLY.match(_AFTER.sub("", after).strip()):
            yield _repeal(text, start, end, 0)


def _sentence(sentence: str, verb: int, effective: date | None) -> Iterator[Repeal]:
    stated = None
    for found in find_dates(sentence[:verb]):
        if re.fullmatch("\\s?起?\\s?(?:同时|予以|即行)?", sentence[found.end : verb]):
            stated = found.day  # 自2024年5月1日起废止
    for one in _titles(sentence, verb):
        yield replace(one, effective=stated) if stated else one


def _titles(sentence: str, verb: int) -> Iterator[Repeal]:
    """The titles before a verb that it governs, the nearest first."""
    spans = [span for span in title_spans(sentence) if span[1] <= verb]
    following = verb
    for place in range(len(spans) - 1, -1, -1):
        start, end = spans[place]
        gap = _AFTER.sub("", sentence[end:following])
        if len(gap) > _GAP:
            return
        if not _PARTLY.search(gap):
            before = spans[place - 1][1] if place else 0
            yield _repeal(sentence, start, end, before)
        following = start


def _repeal(sentence: str, start: int, end: int, before: int) -> Repeal:
    bracket = _AFTER.match(sentence, end)
    trial = bracket[0] if bracket and re.search("[（(](?:试行|暂行)[）)]", bracket[0]) else ""
    if trial:
        bracket = _AFTER.match(sentence, end + len(trial))
    inside = unicodedata.normalize("NFKC", bracket[0]) if bracket else ""
    number = _NUMBER.search("".join(inside.split()).strip("()"))
    prefix = sentence[before:start]
    issued = [one.day for one in find_dates(prefix) if _ISSUED.match(prefix, one.end)]
    year = _ISSUED_IN.search(prefix)
    return Repeal(
        title=sentence[start + 1 : end - 1].strip() + trial.strip(),
        number=number[0] if number else "",
        day=issued[-1] if issued else None,
        year=parse_year(year[1]) if year else None,
    )


def title_spans(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the outermost 《…》, marks included; one that never closes is none."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "《":
            start = at if depth == 0 else start
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0 and 2 < at - start <= _LONGEST_TITLE:
                yield start, at + 1
