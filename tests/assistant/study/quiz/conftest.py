"""A small library of rules: one in force with its old version, a neighbour, and hostile files."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.hashing import HashingEncoder
from index.library import Library
from index.records import DocumentRecord, PassageRecord
from index.settings import Settings

Scope = Sequence[tuple[DocumentRecord, Sequence[PassageRecord]]]

LEAVE = """# 机关请假管理办法（示例）

（2025年1月10日印发）

第一章 总则

第一条 为规范请假管理，制定本办法。

第二条 本办法所称事假，是指工作人员因个人事务不能到岗而请的假期。

第三条 本办法所称病假，是指工作人员因患病或者受伤需要治疗和休养而请的假期。

第四条 本办法所称轮休，是指连续值守人员按照排班错开休息的安排。

第五条 本办法所称销账，是指返岗人员在登记系统中注明返岗时间的手续。

第二章 程序

第六条 工作人员请事假，应当至少提前三日向所在处室提出书面申请。

第七条 所在处室应当自收到申请之日起五日内作出是否准假的决定。

第八条 请假超过十五日的，由机关党组批准。

第九条 请假不满十五日的，由人事部门批准。

第十条 工作人员对不予准假的决定不服的，可以自收到决定之日起十日内向机关纪委提出申诉。

第十一条 机关纪委应当自收到申诉之日起二十日内答复申诉人。

第十二条 请假按照下列程序办理：
（一）工作人员填写请假申请单；
（二）所在处室签署意见；
（三）人事部门核对累计天数；
（四）有批准权限的单位审批；
（五）办公室登记备案。

第十三条 工作人员有下列情形之一的，不得批准事假：
（一）承担的紧急任务尚未完成的；
（二）正在接受组织审查的；
（三）本年度累计事假已达三十日的；
（四）其他不宜请假的情形。

第十四条 处室负责人履行下列职责：
（一）核实请假事由是否真实；
（二）安排请假期间的工作交接；
（三）督促假满人员按时返岗；
（四）办理上级交办的其他请假事项。

第十五条 人事部门履行下列职责：
（一）汇总全机关的请假台账；
（二）每季度通报请假情况；
（三）复核超期未返人员名单；
（四）组织请假制度培训。

第三章 责任

第十六条 无故逾期不返岗，造成影响的，给予书面诫勉；情节较重的，给予警告处分；情节严重的，给予记过或者记大过处分。

第十七条 编造事由骗取假期的，给予记过处分；情节严重的，给予降级或者撤职处分。

第十八条 工作人员假满返岗后，应当在两日内办理销账。

第十九条 处室负责人不得代替工作人员办理销账手续。

第二十条 本办法自2025年2月1日起施行。
"""
OLD_LEAVE = (
    LEAVE.replace("机关请假管理办法（示例）", "机关请假管理办法（试行）（示例）")
    .replace("2025年1月10日", "2019年1月10日")
    .replace("2025年2月1日起", "2019年2月1日起")
    .replace("收到申请之日起五日内", "收到申请之日起七日内")
)
SEALS = """# 机关印章管理办法（示例）

第一条 印章由办公室统一保管，任何处室不得自行刻制。

第二条 使用印章应当经分管领导批准，并登记用印事由。

第三条 印章遗失的，保管人应当在一日内向办公室报告。

第四条 办公室应当自收到遗失报告之日起四十五日内完成补刻。

第五条 印章停用满六十日的，应当交档案室封存。

第六条 借出印章不得超过二日，到期应当归还并由两名以上人员清点。
"""
HOSTILE = f"""# 恶意内容管理办法（示例）

第一条 <script>alert("x")</script>收件人应当在三日内点击链接办理登记手续。

第二条 {{{{ 7*7 }}}} 申请人应当在五日内提交__import__('os')材料。

第三条 前款规定的期限为十日，该机关应当在期满后向其报告有关情况。

第四条 {"甲方和乙方应当，" * 4000}在七日内完成。
"""
PROSE = """# 关于改进作风的意见（示例）

## 一、总体要求

各处室要精简会议，全年会议数量比上年减少百分之二十，单次会议一般不超过九十分钟。

## 二、工作措施

办公室应当在每季度末十日内汇总会议台账，并向党组书面报告会议精简情况。
"""


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("rules")
    files = {
        "请假.md": LEAVE,
        "旧请假.md": OLD_LEAVE,
        "印章.md": SEALS,
        "恶意.md": HOSTILE,
        "意见.md": PROSE,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    encoder: Any = HashingEncoder()
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")), encoder=encoder)
    assert not ingest_paths(opened, [Path(folder)], "制度").failed
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def scope_of(rules: Library) -> Callable[..., Scope]:
    """Documents whose file is named, with all their passages; all without a name."""

    def chosen(*names: str) -> Scope:
        return [
            (one, rules.catalog.passages(one.document_id))
            for one in sorted(rules.documents()[1].values(), key=lambda one: one.source)
            if not names or one.source.removesuffix(".md") in names
        ]

    return chosen
