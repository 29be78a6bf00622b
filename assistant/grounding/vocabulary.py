"""Closed classes of words that the checks look for, in their canonical writing."""

from __future__ import annotations

import re


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: May be there or not: nothing depends on them.
LIGHT = _listed(
    "的 了 地 将 并 且 并且 而 也 其 则 即 就 进行 予以 加以 所 、 , ， · - — 是 之 在 中 来 这 该 由此 和"
)
#: May be left out of what the passage says, but not be added: how something is done, not what.
MANNER = _listed(
    "及时 切实 认真 积极 充分 不断 进一步 努力 坚决 大力 扎实 持续 着力 妥善 稳妥 依法 依规 依规依法 依法依规 严格 "
    "按规定 根据规定 根据有关规定 还 又 另 各自 等"
)
#: What a list's lead says beside its subject: 履行下列职责.
LIST_LEAD = re.compile(
    r"(?:履行|负责|行使|有|享有|包括|具有|具备|实行|坚持|遵循|遵守|采取|做到|把握|围绕)?(?:以下|下列)"
    r"(?:主要|基本)?(?:职责|任务|职权|权利|义务|行为|工作|内容|事项|原则|条件|要求|方式|程序|方面|措施|情形|规定)?[:：]?"
)
#: May be added to join a list to its lead: 职责包括….
JOINING = _listed("包括 有 为 为了 是 分别 如下 下列 以下")

NEGATIONS = re.compile(
    r"不得|无需|不予|不再|不宜|未经|未|不(?!断|动产|仅|同|但|久|满(?=[0-9])|低于|少于|高于|超过|多于)|"
    r"没有|没|无(?!效|论|期)|非(?!法|常)|拒绝|免于|免予|免除|不同意|排除|除外"
)
MODALS = re.compile(r"应当|可以|不得|无需|需(?!求)|原则上|鼓励|提倡|允许|只能|才能|有权|视情")
SCOPE = re.compile(
    r"所有|一切|任何|全部|全体|一律|均|都(?!市)|各级|各类|每(?!年|月|日|周|季|人)|一般|部分|个别|少数|多数|大多数|"
    r"只|仅(?!供)|唯一|首要|最|必然|永久|终身|随时|同时|至少|至多|凡|无论"
)
BOUNDS = re.compile(
    r"以上|以下|不超过|超过|不少于|少于|不低于|低于|不高于|高于|至少|至多|最多|最少|不满|未满|以内|以前|以后|之前|之后|"
    r"届满|满(?=[0-9])|前(?=[0-9])|后(?=[0-9])|约|近(?=[0-9])|余(?=[名人个])"
)
#: A clause that limits the rule it stands in.
EXCEPTION = re.compile(r"^(?:但|除|其中|只有|仅|不含)|除外|以外|之外|^另有规定")
#: Left out, these change nothing of the rule: its aim and what it rests on.
AIM = re.compile(
    r"^(?:为了?|根据|结合|经研究|现|特|以便|以|从而|坚持|围绕|贯彻|落实|推动|促进|确保|努力|着力)"
)
OPPOSITES = tuple(
    (pair[0], pair[1])
    for pair in sorted(
        _listed(
            "上下 前后 内外 有无 增减 升降 进退 入出 高低 大小 多少 开关 公私 正副 新旧 加减 买卖 得失 任免 主次 同异 先后 早晚 "
            "长短 始终 左右 收发 借还 轻重 严宽 快慢 合分 成败 存取 立废 奖惩 男女 国省 省市 市县 县乡 受授 提降 送收"
        )
    )
)
_ORGANISATION = (
    "委员会|领导小组|办公室|办公厅|党委|党组|党总支|总支|支部|纪委|工委|常委|党组织|机关|部门|单位|法院|检察院|监委|政府|"
    "人大|政协|公司|企业|学校|医院|协会|海关|银行|局|厅|部|院|会|处|科|室|队|团|组|组织"
)
ORGANISATION = re.compile(rf"(?:{_ORGANISATION})$")
PERSON = re.compile(
    r"(?:人员|干部|党员|书记|副书记|主任|委员|代表|职工|群众|公民|当事人|申请人|负责人|责任人|领导|工作者|人|者|方|员|长|官)$"
)


DROPPABLE = frozenset([*LIGHT, *MANNER])
JOINABLE = frozenset([*LIGHT, *JOINING])
