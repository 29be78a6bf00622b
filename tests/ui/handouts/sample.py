"""A session of ninety minutes made by hand from the sample library; every quote is exact."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.study.model import (
    Change,
    Choice,
    Discussion,
    KeyPassage,
    Line,
    QuizItem,
    Reading,
    StudyCase,
    StudyCitation,
    StudySession,
    TimetablePart,
)
from ingest.readers import read_document
from ingest.structure import outline

CORPUS = Path(__file__).parents[3] / "corpus"
NEW = "measures/机关纪委工作实施办法（修订）（示例）.pdf"
OLD = "measures/机关纪委工作实施办法（试行）（示例）.docx"
CASE = "cases/党务减负减台账案例（示例）.txt"
_TITLES = {
    NEW: ("市直机关部门机关纪委工作实施办法（修订）（示例）", "现行"),
    OLD: ("市直机关部门机关纪委工作实施办法（试行）（示例）", "已废止"),
    CASE: ("党务减负减台账案例（示例）", "现行"),
}
READ = (
    "第十六条",
    "第十九条",
    "第二十五条",
    "第二十七条",
    "第二十八条",
    "第二十九条",
    "第四十八条",
)
CHANGED = ("第十六条", "第二十七条", "第二十八条")


@cache
def _document(source: str):  # type: ignore[no-untyped-def]
    return read_document(CORPUS / source)


@cache
def text_of(source: str) -> str:
    """The document's text, which every citation's range is of."""
    return str(_document(source).text)


def cited(source: str, quote: str) -> StudyCitation:
    """The citation of words that stand in the document."""
    start = text_of(source).index(quote)
    return _citation(source, start, start + len(quote))


def article(source: str, label: str) -> StudyCitation:
    """The citation of a whole article."""
    found = next(one for one in outline(_document(source)).articles() if one.label == label)
    return _citation(source, found.start, found.end)


def _citation(source: str, start: int, end: int) -> StudyCitation:
    document = _document(source)
    made = outline(document)
    at, page = 0, None
    for block in document.blocks:
        if at <= start < at + len(block.text) + 1:
            page = block.page
        at += len(block.text) + 1
    holding = [one for one in made.articles() if one.start <= start < one.end]
    chapters = [
        f"{one.label} {one.title}".strip()
        for one in made.sections
        if one.kind == "chapter" and one.start <= start < one.end
    ]
    label = holding[0].label if holding else None
    title, validity = _TITLES[source]
    return StudyCitation(
        document_id=f"示例文库:{source}",
        passage_id=f"示例文库:{source}#{'/'.join([*chapters, label or ''])}",
        collection="示例文库",
        title=title,
        path="/".join([*chapters, *([label] if label else [])]) or title,
        article=label,
        page=page,
        quote=document.text[start:end],
        start=start,
        end=end,
        validity=validity,
    )


def line(text: str, *citations: StudyCitation) -> Line:
    return Line(text=text, citations=citations)


def _changes() -> tuple[Change, ...]:
    changed = [
        Change(
            title=_TITLES[NEW][0],
            article=label,
            kind="changed",
            old=article(OLD, label),
            new=article(NEW, label),
            summary=summary,
        )
        for label, summary in zip(
            CHANGED,
            (
                "报告由每年一次改为每半年一次",
                "受理告知由10个工作日缩短为5个",
                "登记由5个工作日缩短为3个",
            ),
            strict=True,
        )
    ]
    added = Change(
        title=_TITLES[NEW][0],
        article="第二十五条之一",
        kind="added",
        new=article(NEW, "第二十五条之一"),
        summary="新增：运用信息化手段监督，不得另行建立台账",
    )
    return (*changed, added)


def _case() -> StudyCase:
    lines = [one for one in text_of(CASE).splitlines() if len(one) > 60][1:5]
    body = tuple(line(one, cited(CASE, one)) for one in lines)
    return StudyCase(
        id="case-1",
        title="一个支部怎样把台账减下来",
        body=body,
        citation=body[0].citations[0],
        discussions=(
            Discussion(
                question="这个支部减掉的台账里，哪些本来就不该为监督检查另行建立？",
                points=(
                    line(
                        "监督检查不得要求党支部另行建立台账，系统能查的不得重复报送。",
                        article(NEW, "第二十五条之一"),
                    ),
                ),
                citations=(article(NEW, "第二十五条之一"),),
            ),
            Discussion(
                question="如果监督中发现是制度本身要求了多头台账，机关纪委应当怎么办？",
                points=(
                    line(
                        "发出纪律检查建议书，有关处室自收到之日起30日内书面反馈整改情况。",
                        article(NEW, "第二十五条"),
                    ),
                ),
                citations=(article(NEW, "第二十五条"),),
            ),
        ),
    )


def quiz() -> tuple[QuizItem, ...]:
    """One item of each kind."""
    a = {label: article(NEW, label) for label in READ}
    return (
        QuizItem(
            id="q1",
            kind="single",
            stem="机关纪委收到的问题线索，应当自收到之日起多少个工作日内登记？",
            choices=(
                Choice(
                    label="A",
                    text="2个工作日",
                    why="这是移送上级的时限，见第三十一条",
                    citations=(article(NEW, "第三十一条"),),
                ),
                Choice(label="B", text="3个工作日", right=True, why="第二十八条的原文"),
                Choice(
                    label="C",
                    text="5个工作日",
                    why="这是试行办法的旧规定",
                    citations=(article(OLD, "第二十八条"),),
                ),
                Choice(label="D", text="30日", why="这是提出处置意见的时限"),
            ),
            answer="B",
            explanation="问题线索自收到之日起3个工作日内登记，由书记签批后指定两名以上人员办理。",
            citations=(a["第二十八条"],),
            difficulty=0.35,
            score=5,
        ),
        QuizItem(
            id="q2",
            kind="multiple",
            stem="问题线索的处置方式包括哪些？",
            choices=tuple(
                Choice(label=label, text=text, right=right)
                for label, text, right in (
                    ("A", "谈话函询", True),
                    ("B", "初步核实", True),
                    ("C", "诫勉谈话", False),
                    ("D", "暂存待查", True),
                    ("E", "予以了结", True),
                )
            ),
            answer="ABDE",
            explanation="修订后增加了“暂存待查”一类。",
            citations=(a["第二十九条"],),
            difficulty=0.6,
            score=10,
        ),
        QuizItem(
            id="q3",
            kind="true_false",
            stem="遇有重要情况，机关纪委应当在48小时内报告。",
            answer="错",
            explanation="应当在24小时内报告；48小时是试行办法的旧规定。",
            citations=(a["第十六条"],),
            difficulty=0.4,
            score=5,
        ),
        QuizItem(
            id="q4",
            kind="blank",
            stem="有关处室应当自收到纪律检查建议书之日起____内书面反馈整改情况。",
            blanks=(("30日", "三十日"),),
            answer="30日",
            citations=(a["第二十五条"],),
            difficulty=0.3,
            score=5,
        ),
        QuizItem(
            id="q5",
            kind="matching",
            stem="将下列事项与时限对应起来。",
            pairs=(
                ("实名检举告知受理情况", "15个工作日"),
                ("线索登记", "5个工作日"),
                ("被函询人书面说明", "3个工作日"),
            ),
            answer="1-B 2-C 3-A",
            citations=(a["第二十七条"], a["第二十八条"], article(NEW, "第三十条")),
            difficulty=0.5,
            score=9,
        ),
        QuizItem(
            id="q6",
            kind="ordering",
            stem="把处理问题线索的步骤排成正确的先后顺序。",
            steps=("书记签批", "登记", "提出处置意见", "指定两名以上人员办理"),
            answer="2-1-4-3",
            citations=(a["第二十八条"], a["第二十九条"]),
            difficulty=0.5,
            score=8,
        ),
        QuizItem(
            id="q7",
            kind="short",
            stem="机关纪委对哪些事项开展日常监督？",
            answer="见评分要点",
            points=(
                line("学习贯彻党的创新理论和落实“第一议题”制度的情况（2分）", a["第十九条"]),
                line("遵守中央八项规定精神的情况（2分）", a["第十九条"]),
                line("民主评议党员、党费收缴使用管理的情况（2分）", a["第十九条"]),
            ),
            citations=(a["第十九条"],),
            difficulty=0.55,
            score=10,
        ),
        QuizItem(
            id="q8",
            kind="case",
            stem="某机关纪委委员发现一名党员的问题线索后，一直没有登记，也没有报告。"
            "这种做法是否应当追究责任？请说明依据。",
            choices=(
                Choice(label="A", text="应当，属于发现问题不报告、不处置", right=True),
                Choice(label="B", text="不应当，问题线索以初步核实结果为准"),
            ),
            answer="A",
            explanation="发现问题不报告、不处置的，依规依纪追究责任。",
            citations=(a["第四十八条"],),
            difficulty=0.45,
            score=8,
        ),
    )


@cache
def session() -> StudySession:
    """《机关纪委工作实施办法》 for 纪检干部, ninety minutes."""
    passages = tuple(
        KeyPassage(
            id=f"passage-{number}",
            heading=f"《{_TITLES[NEW][0]}》{label}",
            citation=article(NEW, label),
            point=point,
            minutes=4,
        )
        for number, (label, point) in enumerate(
            zip(
                READ,
                (
                    "报告的次数和时限",
                    "日常监督的事项",
                    "纪律检查建议书",
                    "实名检举的告知",
                    "线索的登记",
                    "处置的方式和时限",
                    "哪些情形追究责任",
                ),
                strict=True,
            ),
            start=1,
        )
    )
    items = quiz()
    citations = [one.citation for one in passages]
    return StudySession(
        topic="机关纪委怎样处置问题线索",
        minutes=90,
        audience="纪检干部",
        people=30,
        collections=("示例文库",),
        seed=3,
        title="机关纪委怎样处置问题线索",
        objectives=(
            line("说得出问题线索登记、签批、处置各步的时限。", citations[4], citations[5]),
            line("分得清日常监督的事项与方式。", citations[1]),
            Line(text="联系本单位实际，列出一件要改的事。", own=True),
        ),
        timetable=(
            TimetablePart(
                id="p1",
                kind="intro",
                title="导入：从一次迟到的登记说起",
                minutes=8,
                method="讲述、提问",
                notes=(Line(text="先问：谁登记过问题线索？用了几天？"),),
            ),
            TimetablePart(
                id="p2",
                kind="reading",
                title="原文领学",
                minutes=30,
                method="领读、划重点",
                materials=tuple(one.id for one in passages),
                notes=(
                    line(
                        "读到第二十八条停一下，请学员说出三个动作：登记、签批、指定人员。",
                        citations[4],
                    ),
                    Line(text="每读完一条，请一位学员用一句话复述。"),
                ),
            ),
            TimetablePart(
                id="p3",
                kind="case",
                title="案例研讨",
                minutes=25,
                method="分组讨论",
                materials=("case-1",),
                notes=(Line(text="每组五至六人，讨论十五分钟，汇报十分钟。", own=True),),
            ),
            TimetablePart(
                id="p4",
                kind="quiz",
                title="互动测验",
                minutes=20,
                method="手机作答、讲评",
                materials=tuple(one.id for one in items),
            ),
            TimetablePart(
                id="p5",
                kind="summary",
                title="总结与课后安排",
                minutes=7,
                method="讲述",
                notes=(line("回到第四十八条：不报告、不处置要追究责任。", citations[6]),),
            ),
        ),
        readings=(
            Reading(
                id="reading-1",
                document_id=f"示例文库:{NEW}",
                collection="示例文库",
                title=_TITLES[NEW][0],
                issuer="市直机关工委（示例）",
                doc_number="示例〔2024〕3号",
                validity="现行",
                version="2024年修订，2024年3月1日起施行",
                articles=READ,
                characters=sum(len(one.citation.quote) for one in passages),
                minutes=3,
                why="规定了问题线索处置的全过程",
            ),
            Reading(
                id="reading-2",
                document_id=f"示例文库:{CASE}",
                collection="示例文库",
                title=_TITLES[CASE][0],
                validity="现行",
                characters=900,
                minutes=4,
                why="说明监督检查怎样不给支部添台账",
            ),
        ),
        passages=passages,
        changes=_changes(),
        cases=(_case(),),
        quiz=items,
        take_home=(
            line(
                "记住三个数：3个工作日登记，30日内提出处置意见，24小时内报告重要情况。",
                citations[4],
                citations[5],
                citations[0],
            ),
            Line(text="下周一前，每人检查一遍本单位的线索登记簿。", own=True),
        ),
        facilitator=(
            Line(text="提前一天把学习材料发到群里。", own=True),
            line("有人问旧办法的时限时，提醒旧办法已经废止。", article(OLD, "第二十八条")),
        ),
        sources=tuple(
            dict.fromkeys(
                [*citations, *(one.old for one in _changes() if one.old), _case().citation]
            )
        ),
        missing=("资料库里没有《监督执纪工作规则》，涉及上级规定的部分没有写。",),
        library_state="第12代，2026年11月25日",
    )
