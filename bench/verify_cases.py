"""Sentences that cite real documents, true or corrupted in a known way, for ``bench.verify``.

Every sentence states what the check must say of it. Development and held-out sentences come from
different documents (parted by a hash of the title) and, where a form has several wordings, use
different wordings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from assistant.verification import Verdict
from assistant.verification.quantities import quantities
from assistant.verification.shelf import OpenDocument, Unit
from assistant.verification.wording import fold, stands_in
from bench.verify_sources import REFERRING, SENTENCE, Case, plain_title
from bench.verify_true import TrueForms
from index.numerals import NUMERAL_CHARS, article_label, parse_article, parse_number, to_chinese
from index.records import DocumentRecord

_NUMBER = re.compile(rf"[{NUMERAL_CHARS}]{{1,4}}(?=个月|个工作日|日|年|万元|元|倍|人|周岁)")
_NOT = re.compile("不得|不予|不|未")
_WORD = re.compile("[\u4e00-\u9fff]{2}")
_PLACES = ("云州市", "临江省", "安澜县", "清河区", "东岭市", "北屏省")
_TOPICS = (
    "公共停车设施", "机关食堂采购", "数字档案", "农村饮水工程", "城市照明", "网格员", "公益林补偿", "会议场所",
    "共享单车停放", "政务热线", "老旧电梯更新", "社区食堂",
)  # fmt: skip
_NOUNS = ("管理办法", "管理条例", "实施细则", "若干规定", "暂行规定")


class Maker(TrueForms):
    """All sentences of one source."""

    def cases(self) -> list[Case]:
        """One sentence of every form that the source has the words for."""
        made: list[Case] = []
        for make in _FORMS:
            case = make(self)
            if case is not None:
                made.append(case)
        return made

    # -- quotations ------------------------------------------------------------------------------

    def quoted(
        self,
        kind: str = "引文",
        fits: Callable[[str], bool] = bool,
        change: Callable[[str], str | None] | None = None,
    ) -> Case | None:
        found = self.quote(fits)
        if found is None:
            return None
        unit, text = found
        said = change(text) if change else text
        if said is None or (change and (said == text or not self._nowhere(said))):
            return None
        target = (
            f"《{self.dice.choice([self.source.full, self.source.short])}》{unit.article.label}"
        )
        wording = self.pick(
            "{target}规定：“{text}”", "{target}明确，“{text}”这一点必须做到。", "根据{target}的规定，“{text}”",
            "“{text}”（{target}）", "我们常说的“{text}”出自{target}。", "{target}指出“{text}”，值得深思。",
fresh=("对此，{target}这样规定：“{text}”", "“{text}”，见{target}。", "依照{target}，“{text}”"),
        )  # fmt: skip
        verdict = Verdict.WORDING if change else Verdict.CONSISTENT
        return self.case(kind, wording, target, verdict, text=said)

    def _nowhere(self, said: str) -> bool:
        documents = [self.source.document, *self.older]
        return all(stands_in(said, one.whole.folded) is None for one in documents)

    def quoted_whole(self) -> Case | None:
        found = self.quote(lambda text: len(text) >= 18)
        if found is None:
            return None
        target = f"《{self.source.full}》"
        wording = self.pick(
            "{target}规定：“{text}”",
            "{target}明确指出，“{text}”",
            fresh=("{target}要求：“{text}”",),
        )
        return self.case("引文不注条", wording, target, Verdict.CONSISTENT, text=found[1])

    def number_changed(self) -> Case | None:
        return self.quoted(
            "引文改数字", lambda text: bool(_NUMBER.search(text)), self._other_number
        )

    def _other_number(self, text: str) -> str | None:
        found = list(_NUMBER.finditer(text))
        if not found:
            return None
        match = self.dice.choice(found)
        value = parse_number(match[0])
        if not value:
            return None
        other = value + self.dice.choice([one for one in (-2, -1, 1, 2, 5, 10) if value + one > 1])
        written = str(other) if match[0].isascii() else to_chinese(other)
        return text[: match.start()] + written + text[match.end() :]

    def negation_dropped(self) -> Case | None:
        def change(text: str) -> str | None:
            return _NOT.sub(lambda m: "可以" if m[0] == "不得" else "", text, count=1)

        return self.quoted("引文漏“不”", lambda text: bool(_NOT.search(text)), change)

    def word_swapped(self) -> Case | None:
        import rjieba

        def change(text: str) -> str | None:
            words = [one for one in rjieba.cut(text) if len(one) == 2 and _WORD.fullmatch(one)]
            if not words:
                return None
            pool = [
                w
                for w in rjieba.cut(self.unit().text)
                if len(w) == 2 and _WORD.fullmatch(w) and w not in text
            ]
            return (
                text.replace(self.dice.choice(words), self.dice.choice(pool), 1) if pool else None
            )

        return self.quoted("引文换词", change=change)

    def word_lost(self) -> Case | None:
        import rjieba

        def change(text: str) -> str | None:
            words = [one for one in rjieba.cut(text) if len(one) == 2 and _WORD.fullmatch(one)]
            return text.replace(self.dice.choice(words), "", 1) if words else None

        return self.quoted("引文漏词", change=change)

    # -- statements ------------------------------------------------------------------------------

    def told(
        self,
        kind: str = "转述",
        fits: Callable[[str], bool] = bool,
        change: Callable[[str], str | None] | None = None,
    ) -> Case | None:
        found = self.quote(fits)
        if found is None:
            return None
        unit, text = found
        said = change(text) if change else self._rewritten(text)
        if said is None or (change and not self._contradicts(said, unit)):
            return None
        target = (
            f"《{self.dice.choice([self.source.full, self.source.short])}》{unit.article.label}"
        )
        wording = self.pick(
            "{target}规定，{text}",
            "根据{target}，{text}",
            "{target}明确要求：{text}",
            "按照{target}的规定，{text}",
            fresh=("依据{target}，{text}", "{target}规定：{text}"),
        )
        verdict = Verdict.WORDING if change else Verdict.CONSISTENT
        return self.case(kind, wording, target, verdict, text=said.rstrip("。；") + "。")

    def _rewritten(self, text: str) -> str:
        """The same in another writing: figures in Arabic digits, 应 for 应当."""

        def arabic(match: re.Match[str]) -> str:
            value = parse_number(match[0])
            return match[0] if value is None else str(value)

        said = _NUMBER.sub(arabic, text) if self.dice.random() < 0.5 else text
        return said.replace("应当", "应", 1) if self.dice.random() < 0.3 else said

    def _contradicts(self, said: str, unit: Unit) -> bool:
        known = quantities(unit.text)
        return any(not any(one.equals(other) for other in known) for one in quantities(said))

    def told_number(self) -> Case | None:
        return self.told(
            "转述改数字",
            lambda text: bool(quantities(text)) and bool(_NUMBER.search(text)),
            self._other_number,
        )

    def told_negation(self) -> Case | None:
        found = self.quote(lambda text: "不得" in text)
        if found is None:
            return None
        unit, text = found
        said = text.replace("不得", "可以", 1)
        target = f"《{self.source.full}》{unit.article.label}"
        wording = self.pick(
            "{target}规定，{text}",
            "根据{target}，{text}",
            fresh=("{target}明确规定，{text}", "依照{target}，{text}"),
        )
        return self.case(
            "转述漏“不”", wording, target, Verdict.WORDING, text=said.rstrip("。；") + "。"
        )

    # -- wrong numbers ---------------------------------------------------------------------------

    def beyond(self) -> Case:
        numbers = [parse_article(one.article.label) or (0,) for one in self.source.document.units]
        last = max(number[0] for number in numbers)
        target = f"《{self.source.full}》{article_label((last + self.dice.choice([1, 3, 40]),))}"
        wording = self.pick(
            "依照{target}处理。",
            "这违反了{target}。",
            "根据{target}作出决定。",
            "请执行{target}。",
            fresh=("此事由{target}调整。", "{target}是处理依据。"),
        )
        return self.case("没有的条", wording, target, Verdict.NUMBER)

    def quoted_elsewhere(self) -> Case | None:
        found = self.quote()
        if found is None:
            return None
        unit, text = found
        other = self._other(unit)
        if other is None:
            return None
        target = f"《{self.source.full}》{other.article.label}"
        wording = self.pick(
            "{target}规定：“{text}”",
            "“{text}”（{target}）",
            "{target}明确，“{text}”",
            "按照{target}的规定，“{text}”",
            fresh=("{target}写道：“{text}”", "“{text}”，见{target}。"),
        )
        return self.case(
            "引文张冠李戴", wording, target, Verdict.NUMBER, unit.article.label, text=text
        )

    def told_elsewhere(self) -> Case | None:
        found = self.quote(lambda text: len(text) >= 20)
        if found is None:
            return None
        unit, text = found
        other = self._other(unit)
        if other is None or len(_shared(text, other)) > 0.3 * len(fold(text).text):
            return None
        target = f"《{self.source.full}》{other.article.label}"
        wording = self.pick(
            "{target}规定，{text}",
            "根据{target}，{text}",
            fresh=("{target}明确规定，{text}", "依照{target}，{text}"),
        )
        return self.case(
            "转述张冠李戴",
            wording,
            target,
            Verdict.NUMBER,
            unit.article.label,
            text=text.rstrip("。；") + "。",
        )

    def _other(self, unit: Unit) -> Unit | None:
        at = self.source.units.index(unit)
        near = [one for one in self.source.units[max(0, at - 4) : at + 5] if one is not unit]
        return self.dice.choice(near) if near else None

    # -- out of force, unknown -------------------------------------------------------------------

    def quoted_old(self) -> Case | None:
        """Words of an older version that today's doesn't have."""
        for older in self.older:
            units = [one for one in older.units if parse_article(one.article.label)]
            self.dice.shuffle(units)
            for unit in units[:30]:
                for match in SENTENCE.finditer(unit.text[len(unit.article.label) :]):
                    text = match[0].strip(" \u3000")
                    if REFERRING.search(text) or stands_in(text, self.source.document.whole.folded):
                        continue
                    target = f"《{self.source.full}》{unit.article.label}"
                    wording = self.pick(
                        "{target}规定：“{text}”",
                        "{target}明确，“{text}”",
                        fresh=("{target}要求：“{text}”",),
                    )
                    return self.case("引旧版本原文", wording, target, Verdict.OUTDATED, text=text)
        return None

    def unknown(self) -> Case:
        title = f"{self.dice.choice(_PLACES)}{self.dice.choice(_TOPICS)}{self.dice.choice(_NOUNS)}"
        target = f"《{title}》" + self.dice.choice(
            ["", f"第{to_chinese(self.dice.randrange(1, 40))}条"]
        )
        wording = self.pick(
            "根据{target}的规定，请抓好落实。",
            "要严格执行{target}。",
            "对照{target}查找不足。",
            "依照{target}办理。",
            fresh=("我们学习了{target}。", "请遵照{target}的要求办理。"),
        )
        return self.case("库中没有的题名", wording, target, Verdict.ABSENT)

    def distractor(self) -> Case:
        return Case("干扰", self.pick(*_DISTRACTORS, fresh=_FRESH_DISTRACTORS), "", None)


def repealed_case(
    record: DocumentRecord, document: OpenDocument, dice: random.Random
) -> Case | None:
    """A reference to a rule that is out of force as a whole."""
    units = [one for one in document.units if parse_article(one.article.label)]
    title = plain_title(record.title)
    if not units:
        return None
    target = f"《{title}》{dice.choice(units).article.label}"
    return Case("已废止的文件", f"依照{target}的规定办理。", target, Verdict.OUTDATED)


def _shared(text: str, unit: Unit) -> set[str]:
    folded = fold(text).text
    return {folded[at : at + 2] for at in range(len(folded) - 1)} & unit.pairs


_DISTRACTORS = (
    "他利用业余时间通读了《平凡的世界》和《孙子兵法》，写下三万字笔记。",
    "《人民日报》第三版刊发评论员文章，标题是“实干是最响亮的语言”。",
    "支部开展“主题党日”活动，党员们观看了电影《焦裕禄》。",
    "大家常说“打铁必须自身硬”，这句话值得细细体会。",
    "《求是》杂志第五期发表了有关文章，第二部分谈到基层治理。",
    "双方签订的合同第五条约定，工期为六个月，逾期按日支付违约金。",
    "会议提出三条意见、五项措施，力争用两个月见到成效。",
    "窗口推行“一站式”服务，群众满意度达到98%。",
    "《新闻联播》报道了我市“一网通办”的做法，反响热烈。",
    "图书角添置了《教学法概论》《书法》《算法导论》等新书。",
    "她在《半月谈》上读到“把小事做细”这句话，深受触动。",
    "演出以合唱《我和我的祖国》结尾，第二章节由青年干部朗诵。",
    "老书记说：“群众的事再小也是大事。”",
    "协议第八条和附件二写明了双方的分工。",
    "全书共十二章，《乡土中国》第一章讲的是乡土本色。",
    "今年以来共办理建议提案36件，办结率100%，平均用时12个工作日。",
)
_FRESH_DISTRACTORS = (
    "晚饭后他翻开《曾国藩家书》第六卷，读到深夜。",
    "《光明日报》头版头条以“把论文写在大地上”为题作了报道。",
    "图纸第三条注释写明了管线走向。",
    "培训班使用的教材是《领导科学概论》，第四章第二节讲沟通。",
    "群众反映的问题，件件有着落，满意率达到99%，平均办理时间5天。",
    "工会组织观看话剧《谷文昌》，大家说“很受教育”。",
    "他把“功成不必在我”写在笔记本的扉页上。",
    "借款合同第十二条和补充协议第二条约定了利率。",
    "《大国工匠》系列节目第七集介绍了他的事迹。",
    "歌曲《在希望的田野上》唱出了大家的心声，晚会分三个部分。",
)
_FORMS: tuple[Callable[[Maker], Case | None], ...] = (
    Maker.full, Maker.arabic_short, Maker.unmarked, Maker.deep, Maker.listed, Maker.whole, Maker.carried,
    Maker.alias, Maker.number_given, Maker.quoted, Maker.quoted_whole, Maker.told, Maker.number_changed,
    Maker.negation_dropped, Maker.word_swapped, Maker.word_lost, Maker.told_number, Maker.told_negation,
    Maker.beyond, Maker.quoted_elsewhere, Maker.told_elsewhere, Maker.quoted_old, Maker.unknown,
    Maker.distractor,
)  # fmt: skip
