"""Train the reranker: a cross-encoder on the lowest layers of a tuned encoder.

    python -m training.rerank --trunk DIR --mined FILE.jsonl[*REPEATS] … --out DIR [--layers 6]

``--trunk`` is what ``training.tune`` wrote; of its twelve layers the lowest are kept, as thirty
pairs must be judged within a tenth of a second. Listwise loss (ListNet; Cao et al. 2007): the
softmax over the answer and its hard negatives. Question and passage are read together, cut at 192
tokens, without the encoder's prefixes. Goes on after a stop as ``training.tune`` does.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.tune import has_bf16, logger, note

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

NEGATIVES = 6
MAX_TOKENS = 192
RATE = 5e-5
LABEL = 12.0
"""Of the answer; ListNet takes the softmax of the labels, so this makes it all but one-hot."""


def lists_of(files: Sequence[str], seed: int) -> list[dict[str, Any]]:
    """Rows of ``query``, ``docs`` (the answer first) and ``labels`` of all files, shuffled."""
    chooser = random.Random(seed)
    rows = []
    for name in files:
        path, _, times = name.partition("*")
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            mined = json.loads(line)
            for _ in range(int(times or 1)):
                drawn = chooser.sample(mined["negatives"], min(NEGATIVES, len(mined["negatives"])))
                docs = [mined["positive"], *drawn]
                labels = [LABEL] + [0.0] * len(drawn)
                rows.append({"query": mined["q"], "docs": docs, "labels": labels})
    chooser.shuffle(rows)
    return rows


def trunk(folder: Path, layers: int, out: Path) -> Path:
    """The lowest layers of an encoder with a new scoring head, as a folder for CrossEncoder."""
    import torch
    from tokenizers import processors
    from transformers import AutoTokenizer, BertForSequenceClassification

    torch.manual_seed(0)
    model = BertForSequenceClassification.from_pretrained(
        folder, num_hidden_layers=layers, num_labels=1
    )
    model.save_pretrained(out)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    special = [(name, tokenizer.convert_tokens_to_ids(name)) for name in ("<s>", "</s>")]
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=special
    )
    tokenizer.save_pretrained(out)
    return out


def freeze(model: CrossEncoder) -> None:
    """Leave the tables as they are: their 4-bit blocks stay exact."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = ".embeddings." not in name


def train(given: argparse.Namespace) -> None:
    """The whole run; goes on from the last saved step where there is one."""
    import torch
    from datasets import Dataset
    from sentence_transformers import CrossEncoder
    from sentence_transformers.cross_encoder import (
        CrossEncoderTrainer,
        CrossEncoderTrainingArguments,
    )
    from sentence_transformers.cross_encoder.losses import ListNetLoss

    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    model = CrossEncoder(
        str(trunk(given.trunk, given.layers, given.out / "trunk")),
        max_length=MAX_TOKENS,
        device="cpu",
    )
    freeze(model)
    rows = lists_of(given.mined, given.seed)[: given.steps * given.batch]
    note(given, [row["query"] for row in rows])
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(given.out / "checkpoints"),
        num_train_epochs=1,
        per_device_train_batch_size=given.batch,
        learning_rate=given.rate,
        lr_scheduler_type="cosine",
        warmup_steps=max(1, given.steps // 10),
        bf16=has_bf16(),
        use_cpu=True,
        seed=given.seed,
        save_steps=given.save,
        save_total_limit=2,
        logging_steps=10,
        report_to=[],
        disable_tqdm=True,
        dataloader_num_workers=0,
    )
    trainer = CrossEncoderTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(rows),
        loss=ListNetLoss(model, mini_batch_size=-1),
        callbacks=[logger(given.out / "log.jsonl")],
    )
    saved = any((given.out / "checkpoints").glob("checkpoint-*"))
    trainer.train(resume_from_checkpoint=True if saved else None)
    model.save_pretrained(str(given.out / "final"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description="训练重排模型")
    parser.add_argument("--trunk", type=Path, required=True)
    parser.add_argument("--mined", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=RATE, help="学习率")
    parser.add_argument("--save", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args(arguments))


if __name__ == "__main__":
    main()
