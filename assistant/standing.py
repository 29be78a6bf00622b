"""How documents stand to one another: which governs where two say different things, and why.

The order is that of the 立法法 (宪法 > 法律 > 行政法规 > 地方性法规、规章 > 规范性文件; the issuer's
level among equals; newer over older and special over general of the same body) and of the
《中国共产党党内法规制定条例》 (党章 > 准则 > 条例 > 规定、办法、规则、细则; 中央 > 部委、省区市).
Between the two orders there is no rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.records import SUPERSEDED, VALIDITY_PENDING, DocumentRecord
from index.versions.bodies import place_of, same_body
from index.versions.titles import plain


class Basis(StrEnum):
    """On what ground one of two governs."""

    VERSION = "version"  # the other has been revised or repealed
    HIGHER = "higher"  # of higher rank
    SPECIAL = "special"  # on the matter itself, the other in general
    LATER = "later"  # newer, of the same body and rank
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Ruling:
    """``governs`` is 0 or 1, None where nothing decides; ``reason`` is a Chinese sentence."""

    governs: int | None
    basis: Basis
    reason: str


@dataclass(frozen=True)
class Rank:
    """``level`` falls with the rank (0 is highest) within its ``order``; ``name`` is Chinese."""

    order: str  # state | party | ""
    level: int
    name: str


_CENTRAL = re.compile("中共中央|中央|全国|国务院|国家|最高人民|中华人民共和国|中国共产党")
_TRIAL = re.compile("[（(](?:试行|暂行|示例|修订|修正|草案)[^（()）]{0,8}[)）]")
_PARTY = re.compile("中国共产党|中共|党内|党组|党的|纪委|纪检|党委|党员|巡视")
_LAW = re.compile("^(?:中华人民共和国)?[^，。]{1,40}法(?:典)?$")
_COURT = re.compile("最高人民法院|最高人民检察院|两高")
_LOCAL_LAW = re.compile("人民代表大会|人大常委会")
_KINDS = ("条例", "规定", "办法", "规则", "细则", "准则", "章程")
_LEVELS = ("中央", "省级", "市级", "县级", "乡镇", "单位")
_ELSEWHERE = re.compile(
    "(?:法律|行政法规|国家|党内法规|其他规定|上级|另)[^，。；]{0,16}(?:另有规定|有特别规定|有不同规定)|另有规定的?[，,]?(?:从其|按照|依照|除外)"
)


def rank_of(record: DocumentRecord) -> Rank:
    """The rank of a document by its title and issuer; order "" where it is no rule."""
    title = _bare(record.title)
    issuer = record.issuer or ""
    level = _level(record)
    if re.search("宪法(?:修正案)?$", title):
        return Rank("state", 0, "宪法")
    if _is_party(title, issuer):
        return _party_rank(title, issuer, level)
    judicial = _COURT.search(issuer + title) and re.search("解释|批复|规定|意见|规则", title)
    if judicial or re.search("适用法律[^，。]{0,8}(?:问题|规定)的?(?:解释|规定|批复)", title):
        return Rank("state", 20, "司法解释")
    if _LAW.match(title) and not re.search("办法|方法|用法|执法|做法$", title) and level == 0:
        return Rank("state", 10, "法律")
    if title.endswith("条例") and level == 0:
        return Rank("state", 20, "监察法规" if "监察" in title else "行政法规")
    if title.endswith("条例") or _LOCAL_LAW.search(issuer):
        return Rank("state", 30 + level, "地方性法规")
    if level == 0 and title.endswith(_KINDS):
        return Rank("state", 30, "部门规章" if "国务院" not in issuer else "行政法规")
    if title.endswith(_KINDS) or record.kind in ("measure", "policy"):
        return Rank("state", 40 + level, f"{_LEVELS[level]}文件")
    return Rank("", 99, "材料")


def _is_party(title: str, issuer: str) -> bool:
    return bool(
        _PARTY.search(title) or re.search("中共|党委|纪委|组织部|直属机关工作委员会|工委", issuer)
    )


def _party_rank(title: str, issuer: str, level: int) -> Rank:
    if re.search("中国共产党章程|^党章$", title):
        return Rank("party", 0, "党章")
    for step, (end, name) in enumerate((("准则", "准则"), ("条例", "党内条例")), 1):
        if title.endswith(end) and level == 0:
            return Rank("party", step * 10, name)
    if title.endswith(_KINDS):
        name = "党内规定" if level == 0 else f"{_LEVELS[level]}党内制度"
        return Rank("party", 30 + level, name)
    return Rank("party", 40 + level, f"{_LEVELS[level]}文件")


def _bare(title: str) -> str:
    return _TRIAL.sub("", title).strip("《》 ").rstrip("0123456789_年修订正（）()")


def _level(record: DocumentRecord) -> int:
    """0 central, 1 province, 2 city, 3 county, 4 town, 5 one office, by issuer, then title."""
    for text in (record.issuer or "", record.title.strip("《》")):
        place = place_of(text)
        if place.endswith(("县", "区", "旗")):
            return 3
        if place.endswith(("市", "州")):
            return 2
        if place:  # a province, by its name alone
            return 1
        if re.search("[镇乡]|街道", text[:8]):
            return 4
        if re.match("市|全市", text):
            return 2
        if re.match("省|自治区", text):
            return 1
        if re.match("县|区", text):
            return 3
        if _CENTRAL.match(text):
            return 0
    title = _bare(record.title)
    national = title.startswith(("中央", "国家", "党")) or (
        record.issuer is None and title.endswith(("条例", "准则"))
    )
    return 0 if national or _LAW.match(title) else 5


def ruling(
    records: tuple[DocumentRecord, DocumentRecord],
    texts: tuple[str, str],
    same_rule: bool,
    edition: Callable[[DocumentRecord], date | None],
) -> Ruling:
    """Which of two documents governs on a point on which their ``texts`` differ.

    ``same_rule``: both are versions of one regulation. ``edition`` gives the day of a text's
    making or last revision.
    """
    names = _names(records, edition)
    if same_rule:
        return _by_version(records, names, edition)
    for place, other in ((0, 1), (1, 0)):
        if records[place].validity in SUPERSEDED and records[other].validity not in SUPERSEDED:
            reason = f"{names[place]}{records[place].validity}，以{names[other]}为准。"
            return Ruling(other, Basis.VERSION, reason)
    ranks = (rank_of(records[0]), rank_of(records[1]))
    if "" in (ranks[0].order, ranks[1].order) and ranks[0].order != ranks[1].order:
        top = 0 if ranks[0].order else 1
        reason = f"{names[top]}是制度文件，{names[1 - top]}是学习或参考材料，以制度文件为准。"
        return Ruling(top, Basis.HIGHER, reason)
    for place, other in ((0, 1), (1, 0)):
        if _ELSEWHERE.search(texts[place]) and not _ELSEWHERE.search(texts[other]):
            reason = f"{names[place]}写明另有规定的从其规定，{names[other]}是对这一事项的专门规定。"
            return Ruling(other, Basis.SPECIAL, reason)
    if ranks[0].order == ranks[1].order and ranks[0].order and ranks[0].level != ranks[1].level:
        top = 0 if ranks[0].level < ranks[1].level else 1
        reason = f"{names[top]}（{ranks[top].name}）的效力高于{names[1 - top]}（{ranks[1 - top].name}）。"
        return Ruling(top, Basis.HIGHER, reason)
    special = _special(records)
    if special is not None:
        reason = f"{names[special]}是专门规定，{names[1 - special]}是一般规定，特别规定优先。"
        return Ruling(special, Basis.SPECIAL, reason)
    if same_body(records[0].issuer or "", records[1].issuer or ""):
        days = (edition(records[0]), edition(records[1]))
        if days[0] and days[1] and days[0] != days[1]:
            late = 0 if days[0] > days[1] else 1
            reason = (
                f"两份文件同级，{names[late]}较新（{_day(days[late])}），"
                f"{names[1 - late]}较早（{_day(days[1 - late])}），以新的为准。"
            )
            return Ruling(late, Basis.LATER, reason)
    return Ruling(None, Basis.UNDECIDED, "从文库看不出以哪一处为准，请向制定机关核实后再用。")


def _names(
    records: tuple[DocumentRecord, DocumentRecord],
    edition: Callable[[DocumentRecord], date | None],
) -> tuple[str, str]:
    """Titles in 《》; two of the same title are told apart by the year of the text."""
    left, right = (f"《{one.title.strip('《》')}》" for one in records)
    if left != right:
        return left, right
    days = [edition(one) for one in records]
    marks = [
        f"{day.year}年文本" if day and days[0] != days[1] else one.validity
        for day, one in zip(days, records, strict=True)
    ]
    return f"{left}（{marks[0]}）", f"{right}（{marks[1]}）"


def _by_version(
    records: tuple[DocumentRecord, DocumentRecord],
    names: tuple[str, str],
    edition: Callable[[DocumentRecord], date | None],
) -> Ruling:
    for place, other in ((0, 1), (1, 0)):
        held = records[place].validity not in (*SUPERSEDED, VALIDITY_PENDING)
        if held and records[other].validity in SUPERSEDED:
            reason = f"{names[place]}是现在的版本，{names[other]}{records[other].validity}。"
            return Ruling(place, Basis.VERSION, reason)
        if held and records[other].validity == VALIDITY_PENDING:
            reason = f"{names[other]}尚未施行，施行前仍以{names[place]}为准。"
            return Ruling(place, Basis.VERSION, reason)
    days = (edition(records[0]), edition(records[1]))
    if days[0] and days[1] and days[0] != days[1]:
        late = 0 if days[0] > days[1] else 1
        reason = f"{names[late]}是较新的版本（{_day(days[late])}），以它为准。"
        return Ruling(late, Basis.VERSION, reason)
    return Ruling(None, Basis.UNDECIDED, "两处是同一文件的不同版本，看不出哪一版较新，请核实。")


def _special(records: tuple[DocumentRecord, DocumentRecord]) -> int | None:
    """The document whose title narrows the other's: 招商引资接待办法 to 接待办法."""
    left, right = (plain(_bare(one.title)) for one in records)
    for place, (long, short) in enumerate(((left, right), (right, left))):
        core = re.sub("^.{0,12}?(?:关于|中央|国家|全国|省|市|县)", "", short) or short
        if len(core) >= 4 and len(long) >= len(core) + 2 and long.endswith(core) and core != long:
            return place
    return None


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "日期不明"
