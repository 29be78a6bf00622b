"""The `luming` command. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import LibraryError, shorten
from ui import console

if TYPE_CHECKING:
    from index.library import Library
    from index.records import SearchFilter
    from index.settings import Settings

app = typer.Typer(
    name="luming",
    help="鹿鸣：机关办公用的知识库问答，每句话都有出处。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Collections = Annotated[
    list[str] | None, typer.Option("--collection", "-c", help="只在这个文库里找，可多次给出")
]
Json = Annotated[bool, typer.Option("--json", help="只向标准输出打印一个 JSON 对象")]
Batch = Annotated[
    Path | None, typer.Option("--batch", help='每行一个 {"q": "问题", "id": 可选} 的文件')
]
Out = Annotated[Path | None, typer.Option("--out", help="结果文件，每行一个 JSON；默认标准输出")]
AllVersions = Annotated[bool, typer.Option("--all-versions", help="也找已被修订、已废止的文件")]
STAGES = {"read": "读取文件", "index": "建立索引", "ask": "回答问题", "search": "检索"}


def main() -> None:
    """Entry point: every foreseen failure is one Chinese line on stderr and an exit code."""
    from assistant.question import QuestionError
    from ui.batch import BatchError
    from ui.server import ServeError

    try:
        app()
    except KeyboardInterrupt:
        _fail("已中断；已完成的部分都已保存，再次运行会接着做。", console.INTERRUPTED)
    except (QuestionError, BatchError) as error:
        _fail(str(error), console.USAGE)
    except (LibraryError, ServeError) as error:
        _fail(str(error), console.FAILED)


def _fail(message: str, code: int) -> None:
    console.errors().print(message, style="red", markup=False)
    sys.exit(code)


def _settings(**given: Any) -> Settings:
    from pydantic import ValidationError

    from index.settings import Settings

    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "LUMING_" + "_".join(str(part) for part in first["loc"]).upper()
        raise LibraryError(f"设置 {name} 的值不对，请检查环境变量或 .env 文件。") from error


@contextmanager
def _library(settings: Settings | None = None) -> Iterator[Library]:
    from index.library import Library

    with Library(settings or _settings()) as library:
        yield library


def _filter(collections: list[str] | None, all_versions: bool) -> SearchFilter:
    from index.records import SUPERSEDED, SearchFilter

    return SearchFilter(
        collections=tuple(collections or ()),
        exclude_validity=() if all_versions else SUPERSEDED,
    )


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹，可多个", metavar="路径…")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="放入哪个文库，没有则新建")],
    as_json: Json = False,
    wait: Annotated[float, typer.Option(help="别的任务正在写入时最多等几秒")] = 0.0,
) -> None:
    """把文件放入文库：只处理有变化的文件，坏文件不影响其他文件。

    退出码：0 全部放入；1 有文件失败（其余已放入）；2 用法不对。
    """
    from ingest.pipeline import ingest_paths

    with _library() as library, console.progress(STAGES) as advance:
        report = ingest_paths(library, paths, collection, advance, wait)
    if as_json:
        console.print_json(report.as_dict())
    else:
        _print_report(report)
    raise typer.Exit(console.FAILED if report.failed else console.OK)


def _print_report(report: Any) -> None:
    from rich.table import Table

    from ingest.report import FAILED, STATUS_NAMES, UNCHANGED

    out = console.output()
    rows = [one for one in report.files if one.status != UNCHANGED]
    if rows:
        table = Table(box=None, pad_edge=False)
        for heading in ("结果", "文件", "说明"):
            table.add_column(heading, overflow="fold")
        for one in rows:
            style = "red" if one.status == FAILED else None
            table.add_row(
                STATUS_NAMES[one.status], _plain(one.path), _plain(one.reason), style=style
            )
        out.print(table)
    for notice in report.notices:
        console.errors().print(notice, style="yellow", markup=False)
    counts = "，".join(f"{name} {report.count(key)}" for key, name in STATUS_NAMES.items())
    out.print(f"{counts}；新建段落索引 {report.passages} 条，用时 {report.seconds:.1f} 秒。")


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="要找的内容", metavar="问题")] = None,
    batch: Batch = None,
    out: Out = None,
    collection: Collections = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="给出几条")] = 10,
    all_versions: AllVersions = False,
    as_json: Json = False,
) -> None:
    """找出最相关的段落。"""
    from ui.shapes import hit_object

    flt = _filter(collection, all_versions)
    with _library() as library:

        def find(text: str, query_id: Any) -> dict[str, Any]:
            from assistant.question import understand

            hits = library.search(understand(text).text, k, flt)
            return {"id": query_id, "q": text, "hits": [hit_object(hit) for hit in hits]}

        if batch is not None:
            _run_batch(library, batch, out, find, "search", {"hits": []}, flt)
            return
        found = find(_needed(query), 0)
    if as_json:
        console.print_json(found)
    else:
        _print_hits(found["hits"])


def _needed(query: str | None) -> str:
    if query is None:
        from assistant.question import QuestionError

        raise QuestionError("请给出问题，或用 --batch 给出问题文件。")
    return query


def _run_batch(
    library: Library,
    batch: Path,
    out: Path | None,
    handle: Callable[[str, Any], dict[str, Any]],
    stage: str,
    empty: dict[str, Any],
    flt: SearchFilter,
) -> None:
    """One output line for every question; a question that can't be taken says why in ``error``."""
    from assistant.question import QuestionError
    from ui.batch import BatchError, read_queries, write_line

    total = sum(1 for _ in read_queries(batch))  # the whole input is checked before any work
    library.check_collections(flt.collections)
    library.warm_up()
    try:
        stream = sys.stdout if out is None else out.open("w", encoding="utf-8")
    except OSError as error:
        raise BatchError(f"写不了 {out}：{error.strerror}，请检查路径和权限。") from error
    try:
        with console.progress(STAGES) as advance:
            for done, query in enumerate(read_queries(batch), start=1):
                try:
                    line = handle(query.text, query.id)
                except QuestionError as error:
                    line = {"id": query.id, "q": query.text, **empty, "error": str(error)}
                write_line(stream, line)
                advance(stage, done, total)
    finally:
        stream.flush()
        if out is not None:
            stream.close()


def _print_hits(hits: list[dict[str, Any]]) -> None:
    out = console.output()
    if not hits:
        out.print("没有找到相关段落，请换个说法再试。")
    for number, hit in enumerate(hits, start=1):
        page = f"  第 {hit['page']} 页" if hit["page"] else ""
        head = f"{number}. 《{hit['title']}》 {hit['path']}{page}  [{hit['validity']}]"
        out.print(head, style="bold", markup=False)
        out.print("   " + hit["text"].replace("\n", "\n   "), markup=False)


@app.command()
def ask(
    query: Annotated[str | None, typer.Argument(help="要问的问题", metavar="问题")] = None,
    batch: Batch = None,
    out: Out = None,
    collection: Collections = None,
    all_versions: AllVersions = False,
    as_json: Json = False,
) -> None:
    """回答问题，每句话注明出处；文库里没有依据时不作答。"""
    from assistant.factory import make_answerer
    from ui.shapes import answer_object

    flt = _filter(collection, all_versions)
    with _library() as library:
        answerer = make_answerer(library)
        if batch is not None:
            empty = {"abstained": True, "sentences": [], "citations": []}

            def reply(text: str, query_id: Any) -> dict[str, Any]:
                return answer_object(answerer.answer(text, flt), query_id)

            _run_batch(library, batch, out, reply, "ask", empty, flt)
            return
        answer = answerer.answer(_needed(query), flt)
    if as_json:
        console.print_json(answer_object(answer))
    else:
        _print_answer(answer)


def _print_answer(answer: Any) -> None:
    out = console.output()
    if answer.abstained:
        out.print(answer.message, markup=False)
        if answer.related:
            out.print("\n可能相关：", style="bold")
    for one in answer.sentences:
        marks = "".join(f"[{n}]" for n in one.citations)
        out.print(f"{one.text}{marks}", markup=False)
    for note in answer.notes:
        out.print(f"注：{note}", style="yellow", markup=False)
    if answer.citations:
        out.print("\n出处：", style="bold")
    for cited in (*answer.citations, *answer.related):
        page = f"，第 {cited.page} 页" if cited.page else ""
        out.print(
            f"[{cited.n}] 《{cited.title}》 {cited.path}{page}（{cited.validity}）", markup=False
        )
        if answer.abstained:
            out.print("    " + cited.quote[:120].replace("\n", " "), markup=False)


@app.command("list")
def list_documents(
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只看这个文库")
    ] = None,
    as_json: Json = False,
) -> None:
    """列出文库和文件。"""
    from index.records import KIND_NAMES

    with _library() as library:
        if collection is not None:
            library.check_collections([collection])
        documents = library.catalog.documents(collection)
    if as_json:
        keys = ("document_id", "collection", "title", "kind", "format", "validity", "source")
        rows = [
            {key: getattr(one, key) for key in keys}
            | {"articles": one.article_count, "passages": one.passage_count}
            for one in documents
        ]
        console.print_json({"documents": rows})
        return
    out = console.output()
    if not documents:
        out.print("资料库还是空的，请先运行 luming ingest 文件夹 --collection 文库名。")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("编号", "文库", "标题", "类别", "效力", "条数"):
        table.add_column(heading, overflow="fold")
    for one in documents:
        table.add_row(
            one.document_id,
            _plain(one.collection),
            _plain(one.title),
            KIND_NAMES.get(one.kind, one.kind),
            one.validity,
            str(one.article_count or "—"),
        )
    out.print(table)
    out.print(f"共 {len(documents)} 份文件。")


def _one_document(library: Library, name: str) -> Any:
    from index.errors import UnknownDocument

    found = library.catalog.find_documents(name)
    exact = [one for one in found if name in (one.document_id, one.title)]
    chosen = exact or found
    if not chosen:
        raise UnknownDocument(name)
    if len(chosen) > 1:
        listed = "；".join(f"{one.document_id} 《{one.title}》" for one in chosen[:10])
        raise LibraryError(f"有 {len(chosen)} 份文件符合，请用编号指明：{listed}")
    return chosen[0]


@app.command()
def show(
    document: Annotated[str, typer.Argument(help="文件编号或标题", metavar="文件")],
    article: Annotated[
        str | None, typer.Argument(help="第几条，例如 第十二条", metavar="条")
    ] = None,
    as_json: Json = False,
) -> None:
    """显示一份文件的目录和全文，或其中一条。"""
    with _library() as library:
        record = _one_document(library, document)
        text = library.catalog.document_text(record.document_id)
        outline = library.catalog.outline(record.document_id)
    if article is not None:
        text = _article_text(text, outline, article, record.title)
    if as_json:
        value: dict[str, Any] = {
            "document_id": record.document_id,
            "title": record.title,
            "validity": record.validity,
            "article": article,
            "text": text,
        }
        if article is None:
            value["outline"] = [
                {"kind": s.kind, "label": s.label, "title": s.title, "level": s.level}
                for s in outline
                if s.kind not in ("paragraph", "item", "subitem")
            ]
        console.print_json(value)
        return
    out = console.output()
    out.print(f"《{record.title}》 [{record.validity}]", style="bold", markup=False)
    out.print(text, markup=False)


def _article_text(text: str, outline: list[Any], article: str, title: str) -> str:
    from ingest.structure.numerals import article_label, parse_article

    number = parse_article(article)
    if number is None:
        raise LibraryError(f"“{shorten(article)}”不是条号，请写成“第十二条”。")
    wanted = article_label(number)
    articles = [one for one in outline if one.kind == "article"]
    for one in articles:
        if one.label == wanted:
            return text[one.start : one.end]
    if not articles:
        raise LibraryError(f"《{title}》没有分条。")
    raise LibraryError(f"《{title}》共 {len(articles)} 条，没有“{article}”。")


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="文件编号或标题，可多个", metavar="文件…")],
    as_json: Json = False,
) -> None:
    """从资料库移除文件（不删除原文件）。"""
    with _library() as library:
        records = [_one_document(library, name) for name in documents]
        library.remove_documents([one.document_id for one in records])
    if as_json:
        console.print_json({"removed": [one.document_id for one in records]})
        return
    for one in records:
        console.output().print(f"已移除《{one.title}》", markup=False)


@app.command()
def reembed() -> None:
    """换了向量模型以后，用当前模型重新生成全部向量。"""
    with _library() as library, console.progress(STAGES) as advance:
        report = library.reembed(lambda done, total: advance("index", done, total))
    console.output().print(f"已重新生成 {report.encoded} 条向量。")


@app.command()
def rebuild() -> None:
    """索引损坏时，从目录库重建向量和检索索引。"""
    with _library() as library, console.progress(STAGES) as advance:
        report = library.rebuild(lambda done, total: advance("index", done, total))
    console.output().print(f"已重建 {report.encoded} 条段落的索引。")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口，默认 7860")] = None,
    sample: Annotated[
        Path | None, typer.Option(help="资料库为空时先放入这个文件夹作为示例")
    ] = None,
    sample_collection: Annotated[str, typer.Option(help="示例放入哪个文库")] = "示例文库",
) -> None:
    """打开网页服务，按 Ctrl-C 结束。"""
    from ui.server import serve as run_server

    settings = _settings(host=host, port=port)
    messages = console.errors()
    if sample is not None:
        _take_in_sample(settings, sample, sample_collection)
    messages.print("正在启动网页服务…")
    run_server(
        settings,
        on_ready=lambda url: messages.print(f"鹿鸣已就绪，请在浏览器打开 {url} （按 Ctrl-C 结束）"),
    )


def _take_in_sample(settings: Settings, sample: Path, collection: str) -> None:
    """The first start puts the sample in; one that was cut off is gone on with."""
    from ingest.pipeline import ingest_paths

    with _library(settings) as library:
        names = [one.name for one in library.catalog.collections()]
        if names and (collection not in names or not library.catalog.pending_count()):
            return
        console.errors().print("首次启动：正在放入示例文库…")
        with console.progress(STAGES) as advance:
            report = ingest_paths(library, [sample], collection, advance)
        console.errors().print(
            f"示例文库已就绪：{len(report.files) - report.failed} 份文件，"
            f"{report.passages} 个段落，用时 {report.seconds:.0f} 秒。"
        )


if __name__ == "__main__":
    main()
