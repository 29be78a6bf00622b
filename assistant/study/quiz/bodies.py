"""Bodies in charge: 由X批准, 报X备案, 向X报告 - who it is, and which two names may mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENDS = (
    "人民政府|主管部门|行政部门|管理部门|监督部门|工作部门|职能部门|委员会|常务委员会|机关|部门|人民法院|人民检察院|"
    "法院|检察院|党委|党组|纪委|监委|国务院|办公室|办公厅|领导小组|代表大会|支部|总支部|党委会|大会|会议|组织部|机构|"
    "负责人|协会|联合会|工会|政府|院长|检察长|仲裁庭|董事会|理事会|股东会|监事会|中央军委|党支部|党总支|纪检组|派驻机构|考核组|巡视组|调查组"
)
_ACTS = (
    "批准|决定|负责|制定|规定|组织|审批|任命|审核|确定|实施|管理|办理|作出|指定|受理|提出|统一|主持|领导|监督|执行|承担|"
    "公布|审议|任免|聘任|授予|签发|报请|予以|给予|责令|依法|依照|按照|会同|进行|拟订|编制|代为|行使|召集|选举|管辖|侦查|统筹|牵头|协调|吊销|没收|处以|处"
)
_TO = "批准|备案|审批|审定|同意|审核|决定|审查|报告|提出|申请|申诉|汇报|举报|登记|提请|审议|缴纳|移送|起诉|负责"
_X = rf"(?P<body>[\u4e00-\u9fff、（）]{{0,18}}?(?:{_ENDS}))"
_BY = re.compile(rf"(?P<word>由){_X}(?P<act>{_ACTS})(?!部门|机构|人(?!民)|法|程序|权限|工作)")
_WITH = re.compile(
    rf"(?P<word>报请|报经|报送|呈报|提请|(?<![填申汇通举上编公警情海])报(?!告|名|酬|表|纸|道|废|案)|经(?!济|营|费)|向){_X}(?P<act>{_TO})"
)
_VAGUE = re.compile(
    "^有|这|那|其|该|本(?!级)|此|有关|相关|另|他|自己|双方|一方|前|原|所在|同级|任何|各自|和|以及|及|与|对|的|不|或者被|当事|之|应|可以|不得|必须|是|在|将|由|向|报|请|及时|后|依法|并|国家机关|经"
)
#: Names so general that a narrower one may be just as right.
_GENERAL = frozenset(
    [
        "主管部门",
        "行政机关",
        "司法机关",
        "国家机关",
        "机关",
        "部门",
        "机构",
        "政府",
        "党组织",
        "单位",
        "负责人",
        "主要负责人",
        "会议",
        "大会",
        "委员会",
        "上级机关",
        "上级部门",
        "上级主管部门",
        "行政主管部门",
        "党政机关",
        "管理部门",
        "监督部门",
        "执法机关",
        "组织",
        "上级党组织",
        "管理机构",
        "职能部门",
        "工作机构",
        "办案机关",
    ]
)
_ALIASES = (
    ("省、自治区、直辖市", "省级"),
    ("省（自治区、直辖市）", "省级"),
    ("省（区、市）", "省级"),
    ("省、自治区", "省级"),
    ("中共中央", "党中央"),
    ("中国共产党中央委员会", "党中央"),
    ("纪律检查委员会", "纪委"),
    ("纪律检查机关", "纪委"),
    ("纪检机关", "纪委"),
    ("监察委员会", "监委"),
    ("监察机关", "监委"),
    ("检察机关", "检察院"),
    ("人民检察院", "检察院"),
    ("审判机关", "法院"),
    ("人民法院", "法院"),
    ("党的委员会", "党委"),
    ("党委会", "党委"),
    ("公安部门", "公安机关"),
    ("常务委员会", "常委会"),
    ("人民代表大会", "人大"),
    ("人民政府", "政府"),
    ("主管部门", "部门"),
    ("行政部门", "部门"),
    ("监督管理部门", "部门"),
    ("管理部门", "部门"),
    ("上一级", "上级"),
    ("自治区", "省"),
    ("直辖市", "省"),
)
#: Named by what it does, so that any body may be it: 护照签发机关.
_BY_OFFICE = re.compile(
    "(?:签发|任免|审批|审查|审核|决定|登记|发证|颁发|批准|处理|受理|执法|办案|主管|管辖|制定|复议|发布|设立|组织|承办|派出)"
    "(?:机关|机构|部门|单位)$"
)
_PARTS = re.compile("或者|、(?!自治区|直辖市|市|县|区|乡|镇)|和(?!国|平)")
_SHORTEST = 3  # characters of a body's name
_RELATIVE = re.compile(
    "以上|各级|上级|本级|所在地|当地|地方|下级|同级|县级|省级|市级|设区的市|中央|全国|国家|省、省、省|省|市|县|区|乡|镇|民族|、"
)


@dataclass(frozen=True)
class Body:
    """A body at ``start:end`` of its sentence, the word before it and what it does."""

    text: str
    start: int
    end: int
    word: str  # 由, 报, 经, 向
    act: str


def bodies(text: str) -> Iterator[Body]:
    """Bodies in charge of something, in order; no vague ones (有关部门), no 其, 本, 该. Linear."""
    for pattern in (_BY, _WITH):
        for match in pattern.finditer(text):
            body = match["body"]
            if len(body) < _SHORTEST or _VAGUE.search(body) or body in _GENERAL:
                continue
            if body.count("（") != body.count("）"):
                continue
            yield Body(body, match.start("body"), match.end("body"), match["word"], match["act"])


def common_name(body: str) -> str:
    """A body's name with other names for the same put into one: 监察委员会 and 监察机关 are 监委."""
    for long, short in _ALIASES:
        body = body.replace(long, short)
    plain = body.replace("（", "").replace("）", "")
    for meeting in ("全体会议", "会议"):  # 常务委员会会议 acts for 常务委员会
        if plain.endswith(meeting) and len(plain) - len(meeting) >= _SHORTEST:
            return plain.removesuffix(meeting)
    return plain


def _inserted(short: str, long: str) -> bool:
    """Whether ``long`` is ``short`` with words put in: 国家军品出口管制部门 is a 国家出口管制部门."""
    rest = iter(long)
    return all(char in rest for char in short)


def may_be_same(left: str, right: str) -> bool:
    """Whether one body may be, or take in, the other: equal, contained, or of the same base with
    a level (县级以上人民政府 takes in 省级人民政府)."""
    mine, theirs = _PARTS.split(left), _PARTS.split(right)
    if len(mine) > 1 or len(theirs) > 1:
        return any(may_be_same(a, b) for a in mine for b in theirs)
    a, b = common_name(left), common_name(right)
    if bool(_BY_OFFICE.search(left)) != bool(_BY_OFFICE.search(right)):
        return True
    if (
        not a
        or not b
        or _inserted(a, b)
        or _inserted(b, a)
        or right in _GENERAL
        or left in _GENERAL
    ):
        return True
    if re.search("以上|各级|上级|地方|下级|本级|同级|所在|当地", a + b):
        base, other = _RELATIVE.sub("", a), _RELATIVE.sub("", b)
        return base.endswith(other) or other.endswith(base)
    return False
