"""Training questions made from a library itself, without a language model.

    python -m training.questions --home DIR [-c 文库 …] --out FILE.jsonl [--seed 0] [--most 20000]

Each line: ``{"q", "gold": [passage_id], "kind", "document"}``. One passage gives at most one
question of a kind. The kinds, by what a rule's sentences look like:

=========== ======================================================================
heading     《X》对"监督职责"有哪些规定: the chapter or heading a passage stands under
definition  什么是 X: 本办法所称 X，是指 …
sanction    … 怎么处理: the deed of "…的，给予警告", and each item of 有下列行为之一的
condition   什么情况下可以 …: "有下列情形之一的，可以 …"
number      … 多久 / 多少: a sentence that states a deadline, an amount, a share
duty        谁负责 …, … 应当怎么做: "X 应当 / 负责 …"
cloze       a clause of the passage, some of its words left out (inverse cloze task,
            Lee et al. 2019, arXiv:1906.00300)
=========== ======================================================================

Formal words are put into everyday ones at random (``PLAIN``), so that the encoder learns that
both mean the same. All choices follow the seed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.library import Library
from index.records import DocumentRecord, PassageRecord
from index.settings import Settings
from index.words import bigrams
from training.likeness import same_pairs

SHORTEST, LONGEST = 6, 60
"""Characters of what a question is made from."""

SHARED = 2

#: Formal words and how people say them. Both directions stand in the training data.
PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("应当", ("要", "应该", "需要")),
    ("不得", ("不能", "不可以")),
    ("予以", ("", "给")),
    ("给予", ("给",)),
    ("是否", ("是不是",)),
    ("如何", ("怎么", "怎样")),
    ("以及", ("和", "还有")),
    ("或者", ("或",)),
    ("并且", ("而且",)),
    ("国家工作人员", ("公务员", "国家干部", "领导")),
    ("党员领导干部", ("领导干部", "党员干部", "领导")),
    ("公职人员", ("公务员", "干部")),
    ("配偶", ("老公", "老婆", "爱人")),
    ("子女", ("孩子", "儿女")),
    ("亲属", ("亲戚", "家里人")),
    ("财物", ("钱和东西", "红包礼品", "好处")),
    ("收受", ("收", "拿")),
    ("索取", ("要", "索要")),
    ("机动车", ("车", "汽车")),
    ("用人单位", ("公司", "单位", "老板")),
    ("劳动者", ("员工", "职工", "我")),
    ("解除劳动合同", ("辞退", "开除", "离职")),
    ("劳动报酬", ("工资",)),
    ("支付", ("付", "给")),
    ("当事人", ("双方", "对方")),
    ("人民法院", ("法院",)),
    ("公安机关", ("公安", "派出所", "警察")),
    ("未成年人", ("孩子", "未满十八岁的人")),
    ("债务人", ("欠钱的人",)),
    ("债权人", ("借钱给别人的人",)),
    ("借款", ("借钱", "欠款")),
    ("违反", ("违背", "不遵守")),
    ("举报", ("反映", "告发")),
    ("检举、控告", ("举报",)),
    ("办理", ("办",)),
    ("申请", ("申请", "想办")),
    ("审批", ("批准", "审核")),
    ("期限", ("时间", "时限")),
    ("之日起", ("后",)),
    ("内部", ("单位里",)),
    ("擅自", ("私自", "没批准就")),
    ("为他人谋取利益", ("帮人办事",)),
    ("利用职务上的便利", ("利用职权", "靠手里的权力")),
)
_SUBJECT = r"[\u4e00-\u9fff、]{2,16}?"
_CLAUSE = re.compile(r"[^。；！？\n]{8,120}[。；]?")
_DEFINED = re.compile(r"所称(?:的)?([\u4e00-\u9fff“”、]{2,20}?)[，,]?(?:是指|包括)")
_DEED = re.compile(r"([^。；：\n]{6,70}?)的，(?:依照|根据|由|处|给予|责令|应当|对|视情节|可以)")
_AMONG = re.compile(r"(?:下列|以下)(?:行为|情形|情况)之一的?[，,]?([^。：\n]{2,40})[：:]")
_ITEM = re.compile(r"(?:^|\n)[（(][一二三四五六七八九十]{1,3}[）)]([^；。\n]{6,60})")
_NUMBER = re.compile(
    r"(?:[0-9]{1,4}|[一二两三四五六七八九十百千]{1,4})(?:个)?"
    r"(工作日|日|天|个月|月|年|周|小时|元|万元|人|名|次|倍|%|％)"
)
_DATED = re.compile("[0-9]{1,4}[年月]|第[一二三四五六七八九十0-9]+[次年]|发布|施行")
_DUTY = re.compile(
    rf"(?:^|[。；\n　 ])({_SUBJECT})(?:应当|负责|承担|履行)([\u4e00-\u9fff、，]{{4,50}})"
)
_OWN = re.compile(r"本(?:法|办法|条例|规定|细则|规则|准则|意见|规程|制度|解释)")
_NUMBERING = re.compile(r"^第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?[　 ]*")
_TITLE_NOISE = re.compile(r"[（(][^（）()]{0,30}[）)]|[《》]|[0-9]{4}年?(?:修[订正]|版)?")
_EMPTY = re.compile(r"^(?:总则|附则|目录|其他|第[一二三四五六七八九十]+[章节编])$")

_DEED_ENDS = (
    "怎么处理",
    "会受到什么处分",
    "要承担什么责任",
    "怎么处罚",
    "违反什么规定",
    "怎么办",
    "",
)
_DUTY_ENDS = ("有什么要求", "怎么规定的", "要怎么做", "")


@dataclass(frozen=True)
class Made:
    """A question and the passage that it was made from."""

    q: str
    gold: tuple[str, ...]
    kind: str
    document: str


def questions_of(
    document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[Made]:
    """The questions that one passage gives, each of another kind."""
    text = _OWN.sub(_bare(document.title), _NUMBERING.sub("", passage.text))
    for kind, make in _KINDS:
        for question in make(text, document, passage, chooser):
            question = plain(question, chooser).strip("，、；： 　")
            if SHORTEST <= len(question) <= LONGEST + 20:
                yield Made(question, (passage.passage_id,), kind, document.document_id)
            break


def plain(text: str, chooser: random.Random) -> str:
    """The text with some of its formal words as people say them."""
    for formal, others in PLAIN:
        if formal in text and chooser.random() < 0.5:
            text = text.replace(formal, chooser.choice(others), 1)
    return text


def _heading(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    heads = [part for part in passage.path.split("/") if part != passage.article]
    head = (
        re.sub(r"^第[^章节编]{1,6}[章节编] ?|^[（(]?[一二三四五六七八九十]+[）)、]", "", heads[-1])
        if heads
        else ""
    )
    if 2 <= len(head) <= 20 and not _EMPTY.match(head) and chooser.random() < 0.35:
        name = _bare(document.title)
        yield chooser.choice(
            (f"{name}对{head}有哪些规定？", f"{name}里{head}怎么规定", f"{name} {head}")
        )


def _definition(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    for found in _DEFINED.finditer(text):
        term = found.group(1).strip("“”")
        yield chooser.choice(
            (f"什么是{term}？", f"{term}是什么意思", f"{term}包括哪些", f"怎么算{term}")
        )


def _sanction(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    deeds = [found.group(1) for found in _DEED.finditer(text)]
    if _AMONG.search(text):
        deeds += [found.group(1) for found in _ITEM.finditer(text)]
    deeds = [one for one in deeds if "下列" not in one and "前款" not in one]
    if deeds:
        yield f"{chooser.choice(deeds)}{chooser.choice(_DEED_ENDS)}"


def _condition(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    for found in _AMONG.finditer(text):
        yield chooser.choice((f"什么情况下{found.group(1)}", f"哪些情形{found.group(1)}？"))


def _number(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    clauses = [one.group() for one in _CLAUSE.finditer(text) if _NUMBER.search(one.group())]
    if clauses:
        clause = chooser.choice(clauses)[:LONGEST]
        found = _NUMBER.search(clause)
        if found is not None and not _DATED.search(clause[: found.end() + 4]):
            unit = found.group(1)
            asked = "多久" if unit in "工作日天个月年周小时" else f"多少{unit}"
            yield f"{clause[: found.start()]}{asked}{clause[found.end() :]}".rstrip("。；")


def _duty(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    found = _DUTY.search(text)
    if found is not None:
        subject, task = found.groups()
        task = task.split("，")[0]
        yield chooser.choice(
            (f"谁{task}", f"{subject}{task}{chooser.choice(_DUTY_ENDS)}", f"{task}由谁负责")
        )


def _cloze(
    text: str, document: DocumentRecord, passage: PassageRecord, chooser: random.Random
) -> Iterator[str]:
    clauses = [one.group().strip("。； 　") for one in _CLAUSE.finditer(text)]
    if clauses and chooser.random() < 0.4:
        parts = chooser.choice(clauses).split("，")
        first = chooser.randrange(len(parts))
        some = parts[first : first + chooser.choice((1, 1, 2))]
        yield _without_some("，".join(some)[:LONGEST], chooser)


def _without_some(text: str, chooser: random.Random) -> str:
    """The text less one stretch of it, which nobody would remember."""
    size = len(text) // 4
    at = chooser.randrange(max(1, len(text) - size))
    return text[:at] + text[at + size :] if chooser.random() < 0.5 else text


_Maker = Callable[[str, DocumentRecord, PassageRecord, random.Random], Iterator[str]]
_KINDS: tuple[tuple[str, _Maker], ...] = (
    ("heading", _heading),
    ("definition", _definition),
    ("sanction", _sanction),
    ("condition", _condition),
    ("number", _number),
    ("duty", _duty),
    ("cloze", _cloze),
)


def _bare(title: str) -> str:
    return _TITLE_NOISE.sub("", title).strip()


def make(
    library: Library,
    collections: Sequence[str] = (),
    seed: int = 0,
    most: int | None = None,
    left_out: Iterable[str] = (),
) -> list[Made]:
    """Questions from the passages of the collections, in a random order of the seed.

    Passages that say the same as one of ``left_out``, in whatever version of a rule, give none:
    they are for evaluating.
    What is asked of more than ``SHARED`` passages alike is nobody's question.
    """
    unseen = [frozenset(bigrams(text)) for text in left_out]
    chooser = random.Random(seed)
    found: list[Made] = []
    documents = sorted(library.documents()[1].values(), key=lambda one: one.document_id)
    for document in documents:
        if collections and document.collection not in collections:
            continue
        for passage in library.catalog.passages(document.document_id):
            pairs = frozenset(bigrams(passage.text))
            if any(same_pairs(pairs, other) for other in unseen):
                continue
            found.extend(questions_of(document, passage, chooser))
    asked = Counter(one.q for one in found)
    found = [one for one in found if asked[one.q] <= SHARED]
    chooser.shuffle(found)
    return found[:most]


def write(path: Path, made: Iterable[Made]) -> None:
    """One JSON object a line."""
    with path.open("w", encoding="utf-8") as out:
        for one in made:
            out.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make, write, and say how many of each kind."""
    parser = argparse.ArgumentParser(description="从文库生成训练用的问题")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("-c", "--collection", action="append", default=[])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int)
    parser.add_argument("--left-out", type=Path, help='不用的段落，一行一个 {"text"}')
    given = parser.parse_args(arguments)
    lines = given.left_out.read_text(encoding="utf-8").splitlines() if given.left_out else ()
    left_out = [json.loads(line)["text"] for line in lines]
    with Library(Settings(home=given.home)) as library:
        made = make(library, given.collection, given.seed, given.most, left_out)
    write(given.out, made)
    for kind, _ in _KINDS:
        print(f"{kind:11s}{sum(one.kind == kind for one in made):7d}")


if __name__ == "__main__":
    main()
