"""What follows from what: …的，给予警告处分；情节较重的，给予撤销党内职务处分 - conditions and outcomes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERBS = (
    "可以|应当|依法|责令|给予|处(?!理的|分的|分决定)|予以|追究|从重|从轻|不予|吊销|没收|撤销|取消|移送|终止|暂停|按照|依照|由|"
    "参照|视为|不得|不再|免除|免予|解除|停止|视情节|按"
)
_AIMED = "(?P<aim>对[^，；。]{2,28})，"
_SEGMENT = re.compile(
    rf"^(?P<condition>.{{4,110}}?的)，(?:{_AIMED})?(?P<outcome>(?:{_VERBS})[^；。]{{2,80}})$"
)
_LATER = re.compile(
    rf"^(?P<condition>[^，；。]{{3,40}}(?:，[^，；。]{{2,30}}){{0,2}}的)，(?:{_AIMED})?(?P<outcome>(?:{_VERBS}|并处)[^；。]{{2,80}})$"
)
_DEGREE = re.compile("，?(?:情节(?:较轻|轻微|较重|严重|特别严重)|数额较大)的$")
_DEPENDS = re.compile(
    "^(?:情节|造成|数额|后果|有其他|拒不|逾期|构成|对|经|多次|尚|影响|损失|违法所得|没有违法所得)"
)
_VAGUE = re.compile(
    "依照.{0,16}(?:规定|法律)|按照.{0,16}(?:规定|标准)|依法(?:追究|承担|给予|处理)|有关规定|(?:法律|民事|刑事)责任|直至|视.{0,4}情节|依法决定$|从重处[理分罚]$|处理$|(?:相关|有关|其)规定$"
)
_BARE = 8  # characters of a condition below which nothing is told
_WHOLE = 16  # characters of a later condition that says what it is about itself
_ONE_OF = re.compile("(?:有|具有)?(?:下列|以下)(?:行为|情形|问题|情况)之一的?，?")


@dataclass(frozen=True)
class Rung:
    """One condition and its outcome, with the outcome's place in the sentence."""

    condition: str  # ends in 的
    outcome: str
    aim: str  # whom it hits, where that is said: 对直接责任者和领导责任者
    start: int
    end: int
    first: bool

    @property
    def depends(self) -> bool:
        """Whether the condition leans on the first one: 情节严重的."""
        return bool(_DEPENDS.match(self.condition))

    @property
    def alone(self) -> bool:
        """Whether the condition can be read: it leans on the first one, or is long enough not to."""
        if re.search("应当|可以|不得|必须", self.condition):
            return False  # the sentence was cut at the wrong 的
        if self.first and len(self.condition) < _BARE:
            return False
        return self.first or self.depends or len(self.condition) >= _WHOLE

    @property
    def vague(self) -> bool:
        """Whether the outcome only sends elsewhere: 依法追究法律责任."""
        return bool(_VAGUE.search(self.outcome))


@dataclass(frozen=True)
class Ladder:
    """A behaviour and what it leads to by gravity; at least one rung."""

    behaviour: str  # without 的 and without its degree; "" where the items of a list are it
    rungs: tuple[Rung, ...]
    who: str = ""  # of a lead: 对直接责任者和领导责任者

    def condition(self, rung: Rung) -> str:
        """The condition as it is read alone: the behaviour before 情节严重的."""
        aim = f"，{rung.aim}" if rung.aim else ""
        return f"{self._told(rung)}{aim}"

    def situation(self, rung: Rung) -> str:
        """The condition as something that happened, without its 的 and without whom it hits."""
        return self._told(rung).removesuffix("的")

    def _told(self, rung: Rung) -> str:
        if rung is self.rungs[0] or not rung.depends:
            return rung.condition
        return f"{self.behaviour}，{rung.condition}"


def read_ladder(sentence: str) -> Ladder | None:
    """The ladder of a whole sentence, None where it is none or a part of it can't be read."""
    rungs = _rungs(sentence.rstrip("。"))
    if not rungs:
        return None
    return Ladder(_DEGREE.sub("", rungs[0].condition).removesuffix("的"), tuple(rungs))


def read_lead(lead: str) -> Ladder | None:
    """The ladder of a list's lead: 有下列行为之一，情节较轻的，给予…；情节严重的，给予…."""
    found = _ONE_OF.search(lead)
    if not found:
        return None
    before, rest = lead[: found.start()], lead[found.end() :]
    who = ""
    aimed = re.match("对[^，]{2,24}，", rest)
    if aimed:
        who, rest = aimed.group()[:-1], rest[aimed.end() :]
    if not re.match("(?:情节|数额|造成|后果)", rest):
        return None
    rungs = _rungs(rest, first_later=True, place=lead.index(rest, found.end()))
    if len(rungs) < 2 or before.strip("，"):
        return None
    return Ladder("", tuple(rungs), who)


def _rungs(text: str, first_later: bool = False, place: int = 0) -> list[Rung]:
    rungs: list[Rung] = []
    for i, segment in enumerate(text.split("；")):
        pattern = _LATER if i or first_later else _SEGMENT
        match = pattern.match(segment)
        if match is None:
            return []
        rungs.append(
            Rung(
                match["condition"],
                match["outcome"],
                match["aim"] or "",
                place + match.start("outcome"),
                place + match.end("outcome"),
                i == 0 and not first_later,
            )
        )
        place += len(segment) + 1
    return rungs
