"""Which office issued a document, so far as telling two offices apart needs it."""

from __future__ import annotations

import re
from functools import lru_cache

_PROVINCE = re.compile(
    "(?:中共)?(北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    "|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)"
)
_REGION = re.compile("(?:维吾尔|壮族|回族)?(?:自治区|特别行政区|省|市)?")
_PLACE = re.compile("([\u4e00-\u9fff]{1,8}?(?:自治州|市|县|区|旗))(?![场直级辖域属内])")
#: Words that end like a place and are none.
_NO_PLACE = re.compile("(?:[城都超全本我各县]|直辖|社|地|辖|园|校|片|景|库|分|自治)[市区县旗]$")
_SPLIT = re.compile("[、，,；;和与及\\s]+")
_OFFICES = ("办公厅", "办公室", "文件", "（示例）", "(示例)")
_SAME = {
    "两高": "最高人民法院",
    "中共中央纪律检查委员会": "中央纪委",
    "中共中央纪委": "中央纪委",
    "中共中央组织部": "中央组织部",
    "中组部": "中央组织部",
    "全国人民代表大会常务委员会": "全国人大常委会",
}


@lru_cache(maxsize=4096)
def place_of(body: str) -> str:
    """The place whose office a body is: 浙江 of 浙江省人民政府, 杭州市 of 杭州市财政局; "" for none.

    A province is given by its name alone; cities and counties as they are written, without it.
    """
    found = _PROVINCE.match(body)
    rest = body
    if found:
        region = _REGION.match(body, found.end())
        rest = body[region.end() if region else found.end() :]
    below = ""
    while (match := _PLACE.match(rest)) and not _NO_PLACE.search(match[1]):
        below += match[1]
        rest = rest[match.end() :]
    return below or (found[1] if found else "")


@lru_cache(maxsize=4096)
def members(body: str) -> frozenset[str]:
    """The offices that a line names, each without 办公厅 and the like: all of a joint paper."""
    parts = (part for part in _SPLIT.split(body) if part)
    return frozenset(_SAME.get(one, one) for one in map(_bare, parts) if one)


def same_body(left: str, right: str) -> bool:
    """Whether two names can be one issuer: an office in common, or one named within the other."""
    if not left or not right:
        return True
    if place_of(left) != place_of(right):
        return False
    ours, theirs = members(left), members(right)
    return any(a in b or b in a for a in ours for b in theirs)


def _bare(name: str) -> str:
    for ending in _OFFICES:
        name = name.removesuffix(ending)
    return name
