"""Sentences whose references are right, in many writings, for ``bench.verify``."""

from __future__ import annotations

import re

from assistant.verification import Verdict
from assistant.verification.shelf import Unit
from bench.verify_sources import Case, Parts
from index.records import SectionRecord


class TrueForms(Parts):
    """The writings of true references."""

    def full(self) -> Case:
        target = f"《{self.source.full}》{self.unit().article.label}"
        wording = self.pick(
            "根据{target}的规定，我局对有关事项进行了梳理。", "各单位要认真执行{target}，把责任落到人头。",
            "对照{target}，我们还存在不少差距。", "此次检查的依据是{target}，请予以配合。",
fresh=("请各位委员对照{target}逐条谈认识。", "这项工作{target}讲得很清楚，要不折不扣完成。"),
        )  # fmt: skip
        return self.case("全称加条", wording, target, Verdict.CONSISTENT)

    def arabic_short(self) -> Case:
        target = f"《{self.source.short}》{self.arabic(self.unit())}"
        wording = self.pick(
            "有同志问到{target}怎样理解。",
            "按照{target}办理即可。",
            "{target}是这项工作的总依据。",
            "请大家重温{target}。",
            fresh=("{target}值得反复研读。", "工作人员应当熟悉{target}。"),
        )
        return self.case("简称、阿拉伯数字", wording, target, Verdict.CONSISTENT)

    def unmarked(self) -> Case | None:
        if len(self.source.short) > 20:
            return None
        target = f"{self.source.short}{self.unit().article.label}"
        wording = self.pick(
            "依照{target}处理。",
            "这种做法违反了{target}。",
            "我们根据{target}作出决定。",
            "请参照{target}执行。",
            fresh=("本案适用{target}。", "以{target}为准绳。"),
        )
        return self.case("无书名号", wording, target, Verdict.CONSISTENT)

    def deep(self) -> Case | None:
        for one in self.dice.sample(self.source.units, min(20, len(self.source.units))):
            inner = self._inner(one)
            if inner:
                target = f"《{self.source.full}》{one.article.label}{inner}"
                wording = self.pick(
                    "对照{target}列举的情形逐一排查。",
                    "属于{target}所说情况的，要及时报告。",
                    "该情形适用{target}。",
                    "依据{target}可以认定。",
                    fresh=("请逐项对照{target}。", "所列情形与{target}相符。"),
                )
                return self.case("款、项", wording, target, Verdict.CONSISTENT)
        return None

    def _inner(self, unit: Unit) -> str:
        below: list[SectionRecord] = [
            one for one in self.source.document.outline
            if one.kind in ("item", "paragraph")
            and unit.article.start <= one.start and one.end <= unit.article.end
        ]  # fmt: skip
        items = [one for one in below if one.kind == "item" and one.label.startswith("（")]
        paragraphs = [one for one in below if one.kind == "paragraph"]
        if paragraphs and self.dice.random() < 0.5:
            return self.dice.choice(paragraphs).label
        return f"第{self.dice.choice(items).label}项" if items and not paragraphs else ""

    def listed(self) -> Case | None:
        if len(self.source.units) < 6:
            return None
        at = self.dice.randrange(len(self.source.units) - 3)
        a, b, c = (one.article.label for one in self.source.units[at : at + 3])
        target = f"《{self.source.full}》" + self.dice.choice(
            [f"{a}、{b}和{c}", f"{a}、{c}", f"{a}至{c}", f"{a}和{b}"]
        )
        wording = self.pick(
            "重点学习了{target}。",
            "{target}要原原本本学。",
            "{target}对此均有要求。",
            "会上宣读了{target}。",
            fresh=("要吃透{target}的精神。", "检查组逐条核对了{target}。"),
        )
        return self.case("并列和范围", wording, target, Verdict.CONSISTENT)

    def whole(self) -> Case:
        target = f"《{self.source.full}》"
        wording = self.pick(
            "要严格落实{target}，守住底线。",
            "依据{target}，制定本方案。",
            "修订工作以{target}为遵循。",
            "根据{target}的有关规定，现通知如下。",
            fresh=("机关干部要带头遵守{target}。", "我们以学习{target}为契机，改进作风。"),
        )
        return self.case("只写题名", wording, target, Verdict.CONSISTENT)

    def carried(self) -> Case | None:
        found = self.quote()
        if found is None:
            return None
        unit, text = found
        other = self.unit().article.label
        target = unit.article.label
        wording = self.pick(
            "《{title}》{other}讲的是另一层意思；{target}规定：“{text}”", "《{title}》{other}作了说明，{target}明确，“{text}”",
            "学习《{title}》{other}以后，再看{target}的规定：“{text}”", "《{title}》{other}可以参考，其{target}规定，“{text}”",
fresh=(
"《{title}》{other}管的是面上的事，{target}则写得更细：“{text}”",
"《{title}》{other}要学；此外，{target}还规定，“{text}”",
),
        )  # fmt: skip
        return self.case(
            "承前省略题名",
            wording,
            target,
            Verdict.CONSISTENT,
            title=self.source.full,
            other=other,
            text=text,
        )

    def alias(self) -> Case:
        noun = re.search("条例|办法|规定|细则|规则|准则|法|章程|解释|意见|通知$", self.source.full)
        name = noun[0] if noun and len(noun[0]) > 1 else "该文件"
        target = f"《{name}》{self.unit().article.label}"
        wording = self.pick(
            "《{title}》（以下简称《{name}》）印发以来，成效明显，按照{target}，还要持续用力。",
            "现就贯彻《{title}》（以下简称“{name}”）提出要求。要对照{target}抓整改。",
fresh=("《{title}》（下称《{name}》）施行后，各单位依据{target}建章立制。",),
        )  # fmt: skip
        return self.case(
            "文中简称", wording, target, Verdict.CONSISTENT, title=self.source.full, name=name
        )

    def number_given(self) -> Case | None:
        number = self.source.document.record.doc_number or ""
        if "〔" not in number:
            return None
        wording = self.pick(
            "请按{target}文件精神抓好落实。",
            "{target}已对此作出部署。",
            fresh=("各地要把{target}的要求落到实处。",),
        )
        return self.case("文号", wording, number, Verdict.CONSISTENT)
