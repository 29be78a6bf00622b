"""Word lists of answering: words that carry nothing, words that weigh little, synonyms."""

from __future__ import annotations

from functools import lru_cache


def _words(text: str) -> list[str]:
    return text.split()


#: Words that carry no content of a question.
STOP_WORDS = frozenset(
    _words("""
    干 干嘛 做什么 干什么 叫什么
    的 了 是 在 有 和 与 及 或 以及 对 把 被 为 由 从 到 向 于 等 等等 其 该 这 那 这个 那个
    这些 那些 这里 那里 吗 呢 吧 啊 呀 么 嘛 什么 哪些 哪个 哪 几 多少 几个 怎么 怎样 如何
    怎么办 为什么 为何 何 谁 哪里 哪儿 何时 何处 多久 多长 多大 多高 是否 能否 可否 请问 请
    问 一下 告诉 我 我们 你 您 他 她 它 们 咱们 想 知道 了解 介绍 说说 谈谈 讲讲 具体 分别
    一般 主要 都 也 又 就 还 要 会 能 可以 应 应当 应该 需要 必须 得 不 没 没有 中 里 上 下
    内 外 时 后 前 之 所 以 而 则 即 个 名 人 项 条 种 次 些 点 做 叫 叫做 叫作 称 称为 指
    指的 指的是 是指 算 属于 关于 对于 根据 按照 依照 依据 通过 进行 开展 情况 时候 方面
    地方 哪方面 包括 包含 含 组成 构成 内容 规定 要求 共 一共 总共 共有 又是 目前 现在 当前
    已 已经 曾 才 最 很 更 用 来 去 让 使 给 跟 同 说 看 一 二 三 四 五 六 七 八 九 十 第
    是什么 有没有 是不是 能不能 可不可以 要不要 会不会 哪几 哪几个 什么时候 什么样 有关 相关
    之间 每 各 某 多 少 意思 含义 究竟 到底 其中 建立 哪年 哪天 谁来 比较 区别 不同 差异
    概括 总结 主要内容 内要 要在 之前 之后 做好 以内 之内 旧版 旧 老版 修订前 修改前 以前 过去 原来 原先 版本
    """)
)
#: Words that seldom help to tell one passage from another; they weigh little.
GENERIC_WORDS = frozenset(
    _words("""
    开始 面向 启动 参加 参与 获得 实现 手段 具体 名字
    工作 单位 部门 机关 党员 党组织 组织 管理 制度 机制 办法 措施 做法 方式 方法 作用 特点
    目标 任务 负责 实施 落实 推进 加强 推动 建设 问题 事项 条件 程序 流程 步骤 材料 内容
    范围 对象 原则 职责 成效 效果 全市 本市 市 省 县 区 本 年 月 日 人员 活动 服务 设立 成立
    提出 设置 处理 办理 采取 人数 数量 时间 日期 地点 名称 期限 标准 数 文件 文库 资料 共计
    原因 目的 背景 意义 经验 启示 方案 后果 情形 情况
    """)
)


#: Measure words, the longest first.
MEASURES = tuple(
    sorted(
        _words("""
        个 名 人 位 家 支 项 条 类 种 次 场 场次 件 份 处 所 人次 组 批 天 日 年 月 个月 周 小时 分钟
        元 万元 亿元 岁 页 章 节 款 门 期 届 平方米 公里 户 台 辆 套 篇 字 课时 学时 学分 级 层 步 分
        点 倍 册 本 张 把 棵 袋 瓶 枚 部 封 句 段 回 趟 间 栋 幢 座 盏 吨 斤 公斤 米 厘米 千米 钟头
        星期 礼拜 块 块钱 毛 角 副 双 对 盒 箱 桶 杯 碗 顿 餐 讲 轮 遍 片 顶 面 代 口 号 线 档 票
        个钟头 个小时 个星期 工作日 个工作日 秒 秒钟 度 声 则 样 等 成
        """),
        key=len,
        reverse=True,
    )
)
#: What people say for a unit, and the unit that documents write.
UNITS = {
    "钟头": "小时",
    "个钟头": "小时",
    "个小时": "小时",
    "星期": "周",
    "个星期": "周",
    "礼拜": "周",
    "块": "元",
    "块钱": "元",
    "回": "次",
    "趟": "次",
    "秒钟": "秒",
}

#: Characters that turn the word after them into another: 副主任 is no 主任.
PREFIXES = frozenset("副非未无")

#: A head word, then the words that a document may use for it.
_GROUPS = """
钱 费用 经费 金额 资金 补贴款
补贴 补助 津贴
工资 薪酬 薪资 待遇
电话 电话号码 联系电话 联系方式 热线
地点 地址 位置
开会 召开会议 会议 例会
开始 启动 起始
启动 开始 开展
成立 组建 设立 建立 设置
牵头 负责 主管 主办 承担 领导
负责 承担 主管 牵头
划分 划为 分为 分成 划
截止 截止日期 期限
兼职 兼任 兼
一届 每届 任期 届
任期 每届 一届
转来 转入 调入
回 答复 回复 反馈
写出 书面 作出
兼任 兼职 兼
时限 期限 以内 之内
发布 印发 公布 颁布 出台
施行 实施 执行 生效
生效 施行 实施
废止 失效 停止执行
处罚 处分 处理 罚款
举报 检举 控告
申诉 复议 复核 复查
人数 人员 名 人
打折 优惠
参加 参与 出席 面向
哪些人 对象 人员
汇报 报告
告诉 告知 通知
上级 上一级
头衔 称号 荣誉
荣誉 获评 称号 优秀 表彰 先进
全称 简称
简称 以下简称
文件 协议 协议书 办法 通知
奖 荣誉 获评 评为 称号 优秀
获奖 荣获 获评 获得
企业 公司
好处 成效 效果 优势
结果 成效 效果 成果
成果 成效 效果
效果 成效
做法 举措 措施
措施 举措 做法 办法
任务 职责 工作
职责 职能 责任
职能 职责
经验 启示 做法
请假 休假
目标 目的 旨在
目的 为了 旨在 目标
培训 训练 学习 轮训
对象 人员 适用 面向
学时 课时
解释 负责解释
保存 保管 存档 归档
归档 保存 存档
签字 签名 签署
同意 批准 审批
批准 同意 审批 审定
每年 年度 一年
每月 月度 按月 一月
每季度 季度 按季度
合并 整合
退休 离退休
干部 工作人员
领导 负责人 负责同志
负责人 领导 负责同志 主要领导
老百姓 群众
百姓 群众
公务车 公务用车 公车
公车 公务用车
吃饭 用餐 就餐 宴请
礼物 礼品 礼金
喝酒 饮酒
星期一 周一
星期二 周二
星期三 周三
星期四 周四
星期五 周五
星期六 周六
星期天 周日
星期日 周日
周末 周六 周日 休息日
科长 科室负责人 负责人
处长 处室负责人 负责人
局长 主要负责人
一把手 主要负责人
家人 亲属 家属
家属 亲属
急病 突发疾病
看病 就医 就诊 诊疗
出差 因公外出 公出
公章 印章
收钱 收取 收费
发钱 支付 发放 报酬
交钱 缴纳 交纳 收取
复印 复制
年假 年休假
老人 老年人
小孩 儿童 子女
买房 购买住房
租房 租赁住房
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _GROUPS.split("\n"):
        head, *rest = line.split() or [""]
        if rest:
            table[head] = table.get(head, ()) + tuple(rest)
    return table


def synonyms(word: str) -> tuple[str, ...]:
    """Other words a document may use where a question says ``word``; most have none."""
    return _table().get(word, ())
