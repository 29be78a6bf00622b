"""How fast do files become searchable? Against bare encoding and LlamaIndex's default path.

    python -m bench.ingest [--files laws|articles] [--sizes 1000 5000 26196]
        [--llamaindex-passages 1500] [--json]

Each run is a process of its own, so that its peak memory is its own. LlamaIndex's path
(SentenceSplitter, HuggingFaceEmbedding on the same model in torch fp32, ChromaVectorStore) is
measured on a part of the files and its time scaled by characters, which the table says; it needs
``pip install -e ".[bench]"``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.law_files import write_articles, write_laws


def peak_mb() -> float:
    """Peak resident memory of this process, in MB (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def run_ingest(files: Path, home: Path) -> dict[str, Any]:
    """Files → searchable, by the program itself."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    with Library(Settings(home=home)) as library:
        library.warm_up()
        started = time.perf_counter()
        report = ingest_paths(library, [files], "法律")
        seconds = time.perf_counter() - started
        hits = library.search("公务员的处分期间", 5)
    return {
        "passages": report.passages,
        "failed": report.failed,
        "seconds": seconds,
        "found": len(hits),
        "peak_mb": peak_mb(),
    }


def run_encode(home: Path) -> dict[str, Any]:
    """The bare encoding of the same passages, by the same encoder."""
    from index.library import Library
    from index.settings import Settings

    with Library(Settings(home=home)) as library:
        texts: list[str] = []
        for document in library.catalog.documents():
            passages = library.catalog.passages(document.document_id)
            texts += [one.embedding_text(document.title) for one in passages]
        library.warm_up()
        encoder = library.encoder
        started = time.perf_counter()
        for at in range(0, len(texts), 2048):
            encoder.encode_passages(texts[at : at + 2048])
        seconds = time.perf_counter() - started
    return {"passages": len(texts), "seconds": seconds, "peak_mb": peak_mb()}


def run_llamaindex(files: Path, home: Path, passages: int) -> dict[str, Any]:
    """LlamaIndex's default path on the first files, until ``passages`` nodes are in."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from training.torch_encoder import torch_model

    model = home / "torch-model"
    torch_model(home / "weights").save(str(model))
    embedding = HuggingFaceEmbedding(
        str(model), query_instruction="query: ", text_instruction="passage: "
    )
    client = chromadb.PersistentClient(
        str(home / "chroma"), ChromaSettings(anonymized_telemetry=False)
    )
    store = ChromaVectorStore(chroma_collection=client.create_collection("bench"))
    started = time.perf_counter()
    documents = SimpleDirectoryReader(str(files), recursive=True).load_data()
    splitter = SentenceSplitter()
    chosen, nodes = [], 0
    for document in documents:
        chosen.append(document)
        nodes += len(splitter.get_nodes_from_documents([document]))
        if nodes >= passages:
            break
    VectorStoreIndex.from_documents(
        chosen,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embedding,
        transformations=[splitter],
    )
    seconds = time.perf_counter() - started
    characters = sum(len(one.text) for one in chosen)
    whole = sum(len(one.text) for one in documents)
    return {
        "nodes": nodes,
        "seconds_measured": seconds,
        "share": characters / whole,
        "seconds": seconds * whole / characters,
        "peak_mb": peak_mb(),
    }


def in_process(*arguments: str) -> dict[str, Any]:
    """One part in a fresh process; its last line is JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ingest", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def part(arguments: list[str]) -> None:
    """What a fresh process is asked to do."""
    name, files, home, *rest = arguments
    if name == "ingest":
        result = run_ingest(Path(files), Path(home))
    elif name == "encode":
        result = run_encode(Path(home))
    else:
        result = run_llamaindex(Path(files), Path(home), int(rest[0]))
    print(json.dumps(result))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="入库速度")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 26_196], help="条数")
    parser.add_argument("--llamaindex-passages", type=int, default=1500, help="LlamaIndex 测多少段")
    parser.add_argument(
        "--files",
        choices=("laws", "articles"),
        default="laws",
        help="一部法律一个文件，或一条一个文件",
    )
    parser.add_argument(
        "--work", type=Path, help="用这个空文件夹，测完不删（可给 bench.ask --home）"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part(options.part)
        return
    rows: list[tuple[str, str]] = []
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = options.work or Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        # The model is built before anything is timed.
        write_laws(root / "files-0", 1)
        in_process("--part", "ingest", str(root / "files-0"), str(root / "home-0"))
        for size in options.sizes:
            files, home = root / f"files-{size}", root / f"home-{size}"
            articles = (write_laws if options.files == "laws" else write_articles)(files, size)
            home.mkdir()
            (home / "models").symlink_to(root / "home-0" / "models")
            found = in_process("--part", "ingest", str(files), str(home))
            bare = in_process("--part", "encode", str(files), str(home))
            found["ratio"] = found["seconds"] / bare["seconds"]
            results[str(size)] = {"articles": articles, **found, "bare_seconds": bare["seconds"]}
            rows.append(
                (
                    f"{articles} 条 → {found['passages']} 段",
                    f"{found['seconds']:.1f} 秒，{found['passages'] / found['seconds']:.0f} 段/秒，"
                    f"纯向量化 {bare['seconds']:.1f} 秒的 {found['ratio']:.2f} 倍，"
                    f"内存峰值 {found['peak_mb']:.0f} MB",
                )
            )
        if find_spec("llama_index.embeddings") and find_spec("llama_index.vector_stores.chroma"):
            last = str(options.sizes[-1])
            (root / "llama").mkdir()
            other = in_process(
                "--part", "llamaindex", str(root / f"files-{last}"), str(root / "llama"),
                str(options.llamaindex_passages),
            )  # fmt: skip
            other["times"] = other["seconds"] / results[last]["seconds"]
            results["llamaindex"] = other
            rows.append(
                (
                    "LlamaIndex 默认做法",
                    f"{other['nodes']} 段（占 {other['share']:.0%}）用 {other['seconds_measured']:.0f} 秒，"
                    f"按字数折算全部 {other['seconds']:.0f} 秒，是鹿鸣的 {other['times']:.1f} 倍",
                )
            )
        elif not options.json:
            rows.append(("LlamaIndex 默认做法", '没有测：先运行 pip install -e ".[bench]"'))
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
        return
    for name, text in rows:
        print(f"{name}：{text}")


if __name__ == "__main__":
    main()
