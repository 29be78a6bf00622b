"""What stands in each of the built-in Word templates: texts, fields, loops and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.handouts.word import FACILITATOR, HANDOUT, KEY, PAPER, PLAN
from ui.handouts.word_layout import W, xml

if TYPE_CHECKING:
    from docx.document import Document


class Body:
    """Paragraphs and tables of a template, one call each."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def line(self, text: str, style: str = "Body Text") -> None:
        """A paragraph."""
        self.document.add_paragraph(text, style=style)

    def title(self, kind: str) -> None:
        """The document's title and what it is."""
        self.line("{{ 标题 }}", "Title")
        self.line(kind, "Subtitle")

    def logic(self, text: str) -> None:
        """A tag that takes its paragraph away: for, if, endif."""
        self.document.add_paragraph("{%p " + text + " %}", style="Normal")

    def each(self, names: str, text: str, style: str = "Body Text") -> None:
        """One paragraph for each text of a list."""
        self.logic(f"for 段 in {names}")
        self.line(text, style)
        self.logic("endfor")

    def contents(self) -> None:
        """目录 on the lines after the title."""
        self.line("目　　录", "目录标题")
        self.line("{{ 目录 }}", "Normal")
        self.line("", "Normal")

    def table(
        self,
        heads: Sequence[str],
        cells: Sequence[str],
        widths: Sequence[int],
        loop: str,
        last: Sequence[str] = (),
        *,
        head: bool = True,
    ) -> None:
        """A table with a repeated head; one row for each of ``loop``; rows never split."""
        from docx.shared import Mm

        shown = [one for one in self.document.paragraphs if not one.text.startswith("{%p")]
        if shown:
            shown[-1].paragraph_format.space_after = Mm(2)
            shown[-1].paragraph_format.keep_with_next = True
        rows = 3 + bool(head) + bool(last)
        table = self.document.add_table(rows=rows, cols=len(cells), style="Table Grid")
        table.autofit = False
        table.alignment = 1  # centred
        filled: list[Sequence[str]] = [heads] if head else []
        filled += [["{%tr for 行 in " + loop + " %}"], cells, ["{%tr endfor %}"]]
        if last:
            filled.append(last)
        for at, (row, texts) in enumerate(zip(table.rows, filled, strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(xml(f"<w:cantSplit {W}/>"))
            if head and at == 0:
                properties.append(xml(f"<w:tblHeader {W}/>"))
            for column, cell in enumerate(row.cells):
                cell.width = Mm(widths[column])
                title = (head and at == 0) or (not head and column == 0)
                cell.paragraphs[0].style = self.document.styles["表格标题" if title else "表格文字"]
                cell.paragraphs[0].add_run(texts[column] if column < len(texts) else "")
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        self.line("", "表格文字")


def _plan(body: Body) -> None:
    body.title("学习方案")
    body.table(["", ""], ["{{ 行.名称 }}", "{{ 行.内容 }}"], [32, 124], "基本情况", head=False)
    body.logic("if 目标")
    body.line("{{ 编号.目标 }}、学习目标", "Heading 1")
    body.each("目标", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")
    body.logic("if 时间安排")
    body.line("{{ 编号.时间安排 }}、时间安排", "Heading 1")
    body.table(
        ["时间（分）", "环节", "分钟", "方式", "使用材料"],
        ["{{ 行.起止 }}", "{{ 行.环节 }}", "{{ 行.分钟 }}", "{{ 行.方式 }}", "{{ 行.材料 }}"],
        [27, 34, 15, 26, 54],
        "时间安排",
        ["合计", "", "{{ 时长 }}", "", ""],
    )
    body.logic("endif")
    body.logic("if 书目")
    body.line("{{ 编号.书目 }}、学习书目", "Heading 1")
    body.logic("for 书 in 书目")
    body.line("{{ 书.序号 }}.{{ 书.标题 }}", "Heading 3")
    body.line(
        "{{ 书.状态 }}{% if 书.版本 %}，{{ 书.版本 }}{% endif %}"
        "{% if 书.发文机关 %}，{{ 书.发文机关 }}{% endif %}"
        "{% if 书.文号 %}，{{ 书.文号 }}{% endif %}。"
        "{% if 书.条文 %}读{{ 书.条文 }}，{% endif %}约{{ 书.字数 }}字，{{ 书.分钟 }}分钟。"
        "{% if 书.说明 %}{{ 书.说明 }}。{% endif %}"
    )
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 缺少")
    body.line("{{ 编号.缺少 }}、资料库里缺少的内容", "Heading 1")
    body.each("缺少", "{{ 段 }}")
    body.logic("endif")
    body.logic("if 出处")
    body.line("{{ 编号.出处 }}、资料出处", "Heading 1")
    body.logic("for 处 in 出处")
    body.line(
        "{{ 处.序号 }}.{{ 处.文件 }}（{{ 处.状态 }}）{% if 处.位置 %}：{{ 处.位置 }}{% endif %}"
    )
    body.logic("endfor")
    body.logic("endif")


def _handout(body: Body) -> None:
    body.title("学习材料")
    body.contents()
    body.logic("if 原文")
    body.line("{{ 编号.原文 }}、原文领学", "Heading 1")
    body.logic("for 份 in 原文")
    body.line("（{{ 份.序号 }}）{{ 份.文件 }}", "Heading 2")
    body.logic("for 篇 in 份.篇目")
    body.line("{{ 篇.序号 }}.{{ 篇.标题 }}{% if 篇.要点 %}　{{ 篇.要点 }}{% endif %}", "Heading 3")
    body.each("篇.段落", "{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 变化")
    body.line("{{ 编号.变化 }}、修订变化", "Heading 1")
    body.logic("for 变 in 变化")
    body.line("{{ loop.index }}.{{ 变.文件 }}{{ 变.标题 }}", "小标题")
    body.logic("if 变.说明")
    body.line("{{ 变.说明 }}")
    body.logic("endif")
    body.table(["修订前", "修订后"], ["{{ 行.修订前 }}", "{{ 行.修订后 }}"], [78, 78], "变.对照")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 案例")
    body.line("{{ 编号.案例 }}、案例研讨", "Heading 1")
    body.logic("for 例 in 案例")
    body.line("（{{ 例.序号 }}）{{ 例.标题 }}", "Heading 2")
    body.each("例.段落", "{{ 段 }}")
    body.logic("if 例.讨论题")
    body.line("讨论题", "小标题")
    body.logic("endif")
    body.logic("for 题 in 例.讨论题")
    body.line("{{ 题.序号 }}.{{ 题.问题 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 课后")
    body.line("{{ 编号.课后 }}、课后一页", "Heading 1")
    body.each("课后", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")


def _paper(body: Body) -> None:
    body.title("试卷{{ 卷名 }}")
    body.line("单位：＿＿＿＿＿＿　姓名：＿＿＿＿＿　得分：＿＿＿＿", "Normal")
    body.line("共{{ 题数 }}题{% if 总分 %}，满分{{ 总分 }}分{% endif %}。", "Normal")
    body.logic("for 组 in 大题")
    body.line("{{ 组.序号 }}、{{ 组.题型 }}（{{ 组.说明 }}）", "Heading 1")
    body.logic("for 题 in 组.题目")
    body.logic("for 段 in 题.题干")
    body.line("{% if loop.first %}{{ 题.序号 }}.{% endif %}{{ 段 }}")
    body.logic("endfor")
    body.each("题.选项", "{{ 段 }}", "选项")
    body.each("题.作答", "{{ 段 }}", "Normal")
    body.logic("endfor")
    body.logic("endfor")


def _key(body: Body) -> None:
    body.title("答案与解析{{ 卷名 }}")
    body.logic("for 组 in 大题")
    body.line("{{ 组.序号 }}、{{ 组.题型 }}", "Heading 1")
    body.logic("for 题 in 组.题目")
    body.logic("for 段 in 题.题干")
    body.line("{% if loop.first %}{{ 题.序号 }}.{% endif %}{{ 段 }}")
    body.logic("endfor")
    body.line("答案：{{ 题.答案 }}", "小标题")
    body.logic("if 题.解析")
    body.line("解析：{{ 题.解析 }}")
    body.logic("endif")
    body.each("题.要点", "要点{{ loop.index }}：{{ 段 }}")
    body.each("题.理由", "{{ 段 }}")
    body.each("题.原文", "{% if loop.first %}原文：{% endif %}{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")


def _facilitator(body: Body) -> None:
    body.title("主持人手册")
    body.logic("if 提醒")
    body.line("{{ 编号.提醒 }}、课前提醒", "Heading 1")
    body.each("提醒", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")
    body.logic("if 时间安排")
    body.line("{{ 编号.时间安排 }}、分环节提示", "Heading 1")
    body.logic("for 节 in 时间安排")
    body.line("（{{ 节.序号 }}）{{ 节.环节 }}（{{ 节.起止 }}分，{{ 节.分钟 }}分钟）", "Heading 2")
    body.line("方式：{{ 节.方式 }}。{% if 节.材料 %}材料：{{ 节.材料 }}。{% endif %}")
    body.each("节.提示", "{{ loop.index }}.{{ 段 }}")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 案例")
    body.line("{{ 编号.案例 }}、讨论题要点", "Heading 1")
    body.logic("for 例 in 案例")
    body.line("（{{ 例.序号 }}）{{ 例.标题 }}", "Heading 2")
    body.logic("for 题 in 例.讨论题")
    body.line("讨论题{{ 题.序号 }}：{{ 题.问题 }}")
    body.each("题.要点", "要点{{ loop.index }}：{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 速查")
    body.line("{{ 编号.速查 }}、测验答案速查", "Heading 1")
    body.each("速查", "{{ 段 }}")
    body.logic("endif")


#: By the template's name.
BODIES = {PLAN: _plan, HANDOUT: _handout, PAPER: _paper, KEY: _key, FACILITATOR: _facilitator}
