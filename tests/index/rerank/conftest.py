"""Hits as a search gives them, and a real cross-encoder, small enough to be trained here."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.encoder import DEFAULT_MODEL
from index.encoder.build import SHIPPED
from index.encoder.onnx_e5 import OnnxEncoder
from index.records import DocumentRecord, Hit, PassageRecord

#: What a query and a passage can be about; passages of one subject answer queries of that one.
SUBJECTS = {
    "举报受理": "接到举报后十五个工作日内决定受理",
    "会议人数": "会议应当有半数以上成员到会",
    "差旅报销": "出差结束后一个月内办理报销",
    "公章使用": "使用公章须经办公室主任批准",
}
FILLERS = ("本条自印发之日起执行。", "各单位。")


def make_hits(texts: Sequence[str]) -> list[Hit]:
    """One hit per text, each of a document of its own, in fused order."""
    hits = []
    for rank, text in enumerate(texts, start=1):
        document = DocumentRecord(f"d{rank}", "制度", f"{rank}.txt", f"办法{rank}")
        passage = PassageRecord(
            f"d{rank}#第一条", document.document_id, 0, "第一条", text, 0, len(text)
        )
        hits.append(Hit(passage, document, score=1 / (60 + rank), lexical_rank=rank))
    return hits


def texts_of(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.text for hit in hits]


@pytest.fixture(scope="session")
def shipped() -> OnnxEncoder:
    """The encoder that comes with the program."""
    return OnnxEncoder(SHIPPED / DEFAULT_MODEL)


@pytest.fixture(scope="session")
def cross_encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A one-layer BERT taught which passages belong to which query."""
    folder = tmp_path_factory.mktemp("cross-encoder")
    save_bert(folder, _teach)
    return folder


def save_bert(folder: Path, teach: Callable | None = None, labels: int = 1) -> None:
    """A tiny BERT with a scoring layer of ``labels`` outputs, random unless taught."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(7)
    used = "".join([*SUBJECTS, *SUBJECTS.values(), *FILLERS, "办法第一条0123456789"])
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(used)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        num_labels=labels,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.2,  # as small a model learns faster from larger numbers
    )
    model = BertForSequenceClassification(config)
    if teach is not None:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # for so little work, more only wait for each other
        teach(model, tokenizer)
        torch.set_num_threads(threads)
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)


def _teach(model, tokenizer) -> None:
    import torch

    wanted = [
        (query, f"办法{number % 10} 第一条\n{before}{text}{after}", float(query == subject))
        for number, (query, (subject, text), before, after) in enumerate(
            itertools.product(SUBJECTS, SUBJECTS.items(), ("", *FILLERS), ("", *FILLERS))
        )
    ]
    queries, texts, labels = (list(column) for column in zip(*wanted, strict=True))
    pairs = tokenizer(queries, texts, padding=True, return_tensors="pt")
    target = torch.tensor(labels)
    places = model.bert.embeddings.position_embeddings.weight
    places.data.zero_()  # which words meet is what counts, and is learnt sooner without places
    places.requires_grad_(False)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    for _ in range(160):
        logits = model(**pairs).logits.squeeze(-1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, target, pos_weight=torch.tensor(float(len(SUBJECTS) - 1))
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
