"""Word lists of follow-ups: what is asked with, what points back, what is an attribute."""

from __future__ import annotations

import re


def word_list(text: str) -> list[str]:
    """The words of a list written with spaces between them."""
    return text.split()


#: Traditional characters of the words that follow-ups are made of; others stay as they are.
_TRADITIONAL: dict[int, int | str | None] = {
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))},
    **str.maketrans(
        "條項節編這誰麼嗎還們個該說時間長幾樣辦負責舉實對後開與從問請為麽話題過級類據規應當"
        "內處點來會現裡裏舊標準數誤訂補換",
        "条项节编这谁么吗还们个该说时间长几样办负责举实对后开与从问请为么话题过级类据规应当"
        "内处点来会现里里旧标准数误订补换",
    ),
}
_MARKS = "。．.?？!！,，;；、~～…:： "

#: What is asked with. The order matters: longer ones first.
INTERROGATIVE = re.compile(
    r"(?:什么|啥|哪些|哪种|哪类)(?:样的?)?(?:情况|情形|条件|情节)下?"
    r"|(?:什么|啥|哪)(?:时候|时间)|何时|哪一?[天年月]|几[月号点]"
    r"|(?:隔)?(?:多久|多长时间|几天|几年|几个?月|多少天|多少年)(?:之?[内后])?"
    r"|多长|多大|多高|多远|多重"
    r"|多少(?:个?(?:工作日|小时|学时|名|人|元|字|次|天|年|支|家|册|份|条|项|种|页|万元|公里|米|平方米))?"
    r"|几(?:个(?:工作日|小时|月|人|党组织)?|小时|名|人|次|天|日|年|条|项|种|类|本|册|位|支|家|步|场|门|份|页|分钟|周|分|厘米|级|遍|方面)?(?:以?内|之内)?"
    r"|哪(?:[一二两三四五六七八九十几]{1,2})?(?:个|些|项|种|类|位|家|条|步|支|型|大|方面|里|儿)?"
    r"|(?:由|归|找|向)?谁(?:来)?|何人|什么(?:样的?)?|啥(?:样的?)?"
    r"|怎么(?:办|做|样|回事|用|弄|处理)?|怎样|如何|咋(?:办|整)?|为什么|为何|为啥"
    r"|是否|能否|可否|是不是|能不能|可不可以|要不要|会不会|有没有|行不行|需不需要|算不算|(?:吗|么|嘛)(?=[？?]|$)"
)
#: A question that asks what becomes of a case: everything before it belongs to the case.
OUTCOME = re.compile(r"怎么|怎样|如何|会怎|咋")
MODAL = re.compile(
    r"(?:还|都|也|最多|至少|一般|先|一共|总共)?(?:应当|应该|可以|需要|不得|要|应|能|会|可|得|须|必须|该)?"
)

#: Nouns that name an attribute of what is talked about, with how one asks for it.
_ATTRIBUTES = {
    "是什么时候": "时间 日期 时候 截止时间 起止时间",
    "是多长": "期限 时限 完成时限 办理时限 有效期 任期 时长 借期 影响期 公示期 保存期 追诉期 年限",
    "是多少": "人数 数量 比例 频率 频次 次数 深度 高度 长度 金额 标准 字数 学时 分数 权重 占比 总数 额度 费用"
    " 名额 面积 工资 薪酬 补贴 年龄 密度 温度 宽度 限额 上限 下限 税率 利率 罚款 电话 联系方式 邮箱",
    "有哪些": "条件 要求 职责 材料 权限 原则 措施 任务 情形 权利 义务 内容 做法 事项 例外 手续 成效 启示 不足",
    "是怎样的": "程序 流程 步骤 方式 方法 规定 处理 处罚 后果 处分 分工",
    "是什么": "依据 目的 原因 定义 含义 意思 范围 对象 名称 文号",
    "是谁": "负责人 牵头人 责任人 联系人 主管部门 责任单位 牵头单位 主办单位 发布机关 制定机关 解释机关",
    "在哪里": "地点 地址 位置 存放地点",
}
_ASKED_BY = {word: tail for tail, words in _ATTRIBUTES.items() for word in words.split()}
_ATTRIBUTE = re.compile("(?:" + "|".join(sorted(_ASKED_BY, key=len, reverse=True)) + ")$")
_ATTRIBUTE_FIRST = re.compile("|".join(sorted(_ASKED_BY, key=len, reverse=True)))
#: Words for people that hold an office in a body; 队长呢 asks who is one.
ROLE = re.compile(
    r"(?:队长|组长|书记|主任|委员|秘书长|会长|理事长|局长|处长|科长|召集人|主持人|联络员|观察员)$"
)
PERSON = re.compile(
    r"(?:人员|人|员|书记|委员|干部|队长|组长|主任|同志|党员|职工|领导|队员|公务员|者|书长|当事人|负责人)$"
)
_LEADING = re.compile(
    r"^(?:那么|那要是|那|哪|好的?|嗯+|哦+|噢|额|呃|对了|请问(?:一下)?|想问(?:一下)?|再问(?:一下|下)?|麻烦|"
    r"然后|接着|还有就是|还想问|我想问|我想知道|再看看?|以及|同样|另)[，,、：: ]*"
)
NEW_TOPIC = re.compile(
    r"^(?:换个?(?:话题|问题|一个问题)|另外(?:再)?(?:问(?:一个|一下|个)?|一个问题)?|"
    r"(?:再|顺便)问(?:个|一个)别的|再问一个(?:问题)?|下一个问题|新问题|问个别的|说点别的|"
    r"不说这个了|不谈这个了)[：:，,。 、]*"
)
_COURTESIES = word_list(
    """
    好的 好滴 好 谢谢 多谢 非常感谢 感谢 谢了 辛苦了 辛苦 明白了 明白 知道了
    了解了 了解 收到 可以了 没问题了 没问题 没有问题了 没别的了 再见 拜拜 ok 行
    嗯 哦 你好 您好 在吗 哈 赞 👍 🙏 😊 您 你 啊 啦 了 呀 吧
    """
)
_LONGEST_COURTESY = 24
_TAIL = re.compile(r"(?:呢|呐|嘞|咧|哩){1,20}$")


def is_courtesy(text: str) -> bool:
    """Whether a text says thanks or hello and asks nothing."""
    rest = text.lower().strip(_MARKS + "~～😀😄❤")
    if not rest or len(rest) > _LONGEST_COURTESY:
        return False
    while rest:
        word = next((one for one in _COURTESIES if rest.startswith(one)), None)
        if word is None:
            return False
        rest = rest[len(word) :].strip(_MARKS + "~～")
    return True


def simplified(text: str) -> str:
    """``text`` with half-width digits and letters and with the characters of function words
    simplified; content words stay as written."""
    return text.translate(_TRADITIONAL)


def bare(text: str) -> str:
    """A follow-up less its opening (那, 请问), marks at the ends and 呢."""
    text = text.strip(_MARKS)
    while match := _LEADING.match(text):
        if match.end() == len(text) or _still_word(text, match.end()):
            break
        text = text[match.end() :]
    return text


def _still_word(text: str, end: int) -> bool:
    """那些, 那个, 还有哪些 and the like are words of their own."""
    return (
        text[:end] in ("那", "哪", "另") and text[end : end + 1] in "些个样种位里儿位一几两外天年"
    )


def without_tail(text: str) -> tuple[str, bool]:
    """Less 呢 at the end, and whether it was there."""
    text = text.strip(_MARKS)
    match = _TAIL.search(text)
    return (text[: match.start()].strip(_MARKS), True) if match else (text, False)


def attribute_word(noun: str) -> str:
    """The attribute that a noun phrase ends with, "" for none."""
    match = _ATTRIBUTE.search(noun)
    return match[0] if match else ""


def leading_attribute(text: str) -> str:
    """The attribute that a text begins with, "" for none."""
    match = _ATTRIBUTE_FIRST.match(text)
    return match[0] if match else ""


def attribute_tail(noun: str) -> str:
    """How one asks for an attribute (有效期 → 是多长), "" where ``noun`` names none."""
    return _ASKED_BY.get(attribute_word(noun), "")
