"""What a question demands of its answer's source: place, body, year, version, collection."""

from __future__ import annotations

import re

from assistant import terms
from assistant.text import fold

_TITLE = re.compile(r"《([^《》]{1,80}(?:《[^《》]{1,60}》[^《》]{0,40})?)》")
_QUOTED = re.compile(r"[“「]([^“”「」]{1,30})[”」]|\"([^\"]{1,30})\"")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=年|版|和|与|、)")
_PLACE = re.compile(
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    r"海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|海口|三亚|三沙|儋州|广州|"
    r"深圳|珠海|厦门|福州|南京|苏州|杭州|宁波|济南|青岛|郑州|武汉|长沙|成都|西安|沈阳|大连|哈尔滨|长春|石家庄|"
    r"太原|合肥|南昌|南宁|贵阳|昆明|兰州|西宁|银川|乌鲁木齐|拉萨|呼和浩特|琼海|文昌|万宁|东方|陵水|保亭|五指山)"
)
#: Levels and bodies that exclude one another: a rule for 乡镇 is none for 市直机关.
_BODY = re.compile(
    r"(?<!哪个)(?<!哪家)(?:中央|省直|省级|区直|县直|县级|乡镇|街道办|村委会|国有企业|国企|央企|民营企业|事业单位|高校|大学|中小学|"
    r"(?<!党)学校|医院|法院|检察院|公安|人大|政协|军队|部队|海警|铁路)"
)
_OLD = re.compile(
    r"修订前|修改前|旧版|老版|原办法|原来的|原规定|试行版|废止前|以前的|旧的|老办法|历史版本|试行的?时候|修订之前|试行办法|（试行）|\(试行\)"
)
_NEW = re.compile(r"修订后|修改后|新版|新办法|新规定|最新|修订版|新修订|现行")
_ORDINAL = re.compile(
    r"第[一二三四五六七八九十0-9]{1,3}(?:讲|批|期|届|版|场|轮|次|片区|小组|小队|周|季度)"
)
_SUPERLATIVE = re.compile(
    r"(最(?![后终近初])[\u4e00-\u9fff])[^，。？]{0,4}?的?(?:是|有)?(?:哪(?:一|个|家|位|支|项|本|种)|谁)"
)
_COLLECTION = re.compile(r"(?:在|从|查|按)?([\u4e00-\u9fff]{2,10}?)(?:文库|库)(?:里|中|内)")
_KIND_OF_DOCUMENT = re.compile(r"(学习材料|案例|政策文件|制度办法)(?:里|中|库|文库)")


def titles(text: str) -> tuple[str, ...]:
    """Titles in 《》, once each."""
    return tuple(dict.fromkeys(match.group(1) for match in _TITLE.finditer(text)))


def entities(text: str) -> tuple[str, ...]:
    """Folded quoted terms and titles."""
    found = [fold(a or b) for a, b in _QUOTED.findall(text)]
    found += [fold(title) for title in _TITLE.findall(text)]
    return tuple(dict.fromkeys(term for term in found if len(term) > 1))


def bodies(text: str) -> tuple[str, ...]:
    """Levels and bodies that the answer must be about; those inside a title are its name only."""
    return tuple(dict.fromkeys(_BODY.findall(_TITLE.sub("《》", text))))


def places(text: str) -> tuple[str, ...]:
    """Places, then bodies."""
    named = (*_PLACE.findall(text), *bodies(text), *terms.place_names(text))
    return tuple(dict.fromkeys(named))


def years(text: str) -> tuple[int, ...]:
    """Calendar years."""
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text)))


def demands(text: str) -> tuple[str, ...]:
    """第三讲, 最高: what tells one of several things apart."""
    return tuple(_ORDINAL.findall(text) + _SUPERLATIVE.findall(text))


def wants_old(text: str) -> bool:
    """Whether it speaks of a version before today's."""
    return bool(_OLD.search(text))


def wants_new(text: str) -> bool:
    """Whether it speaks of the revised version by that word."""
    return bool(_NEW.search(text))


def collection(text: str) -> str:
    """The collection or sort of document that it names (在制度办法文库里…), "" for none."""
    match = _KIND_OF_DOCUMENT.search(text) or _COLLECTION.search(text)
    return match[1].removeprefix("在") if match else ""
