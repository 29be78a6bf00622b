"""Tune the encoder on questions with their answers and hard negatives.

    python -m training.tune --base DIR --mined FILE.jsonl[*REPEATS] … --out DIR [--steps 400]

``--base`` is a folder of sentence-transformers (``training.prune`` makes one); the mined files are
those of ``training.mine``, ``*3`` counts a file three times. Loss: softmax over the answers and
negatives of a batch at temperature .02 (InfoNCE with in-batch negatives; van den Oord et al. 2018,
arXiv:1807.03748), on the first 384 and the first 128 dimensions (Matryoshka, arXiv:2205.13147).
The word table stays as it is, so that its 4-bit blocks stay exact; so do the lowest layers, which
costs little and saves a quarter of the time.

Runs on a CPU, in bfloat16 where that is quick, saves itself every ``--save`` steps and goes on from there when started
again. What it did stands in ``OUT/log.jsonl`` (a line a logged step), in ``OUT/trained_on.json``
(the files and the SHA-256 of every question), and the model in ``OUT/final``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.seen import KEY, TRAINED_ON, digest

NEGATIVES = 1
MAX_TOKENS = 192
TEMPERATURE = 0.02
FROZEN_LAYERS = 5
RATE = 4e-5
DIMENSIONS = (384, 128)


def rows_of(files: Sequence[str], negatives: int, seed: int) -> list[dict[str, str]]:
    """Rows of ``anchor``, ``positive``, ``negative_1`` … of all files, shuffled."""
    chooser = random.Random(seed)
    rows = []
    for name in files:
        path, _, times = name.partition("*")
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            mined = json.loads(line)
            for _ in range(int(times or 1)):
                if len(mined["negatives"]) >= negatives:
                    drawn = chooser.sample(mined["negatives"], negatives)
                    others = {f"negative_{n}": text for n, text in enumerate(drawn, start=1)}
                    rows.append({"anchor": mined["q"], "positive": mined["positive"], **others})
    chooser.shuffle(rows)
    return rows


def freeze(model: Any, layers: int) -> None:
    """Leave the word, position and type tables and the lowest layers as they are."""
    for name, parameter in model.named_parameters():
        low = any(f".layer.{n}." in name for n in range(layers))
        parameter.requires_grad = not (low or ".embeddings." in name)


def train(given: argparse.Namespace) -> None:
    """The whole run; goes on from the last saved step where there is one."""
    import torch
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer.losses import (
        MatryoshkaLoss,
        MultipleNegativesRankingLoss,
    )
    from sentence_transformers.sentence_transformer.training_args import BatchSamplers

    torch.set_num_threads(given.threads)
    model = SentenceTransformer(str(given.base), device="cpu")
    model.max_seq_length = MAX_TOKENS
    freeze(model, FROZEN_LAYERS)
    rows = rows_of(given.mined, NEGATIVES, given.seed)[: given.steps * given.batch]
    prompts = {name: "passage: " for name in rows[0] if name != "anchor"} | {"anchor": "query: "}
    inner = MultipleNegativesRankingLoss(model, scale=1 / TEMPERATURE)
    given.out.mkdir(parents=True, exist_ok=True)
    note(given, [row["anchor"] for row in rows])
    arguments = SentenceTransformerTrainingArguments(
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
        prompts=prompts,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        report_to=[],
        disable_tqdm=True,
        dataloader_num_workers=0,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(rows),
        loss=MatryoshkaLoss(model, inner, list(DIMENSIONS)),
        callbacks=[logger(given.out / "log.jsonl")],
    )
    saved = any((given.out / "checkpoints").glob("checkpoint-*"))
    trainer.train(resume_from_checkpoint=True if saved else None)
    model.max_seq_length = 512
    model.save(str(given.out / "final"))


def has_bf16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; where it doesn't, that takes longer."""
    import torch

    known = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
    return bool(known and known())


def logger(path: Path) -> Any:
    """What writes the trainer's figures into a file, a line of JSON each."""
    from transformers import TrainerCallback

    class Lines(TrainerCallback):
        """Writes what the trainer logs, a line each, with the time."""

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            """One line."""
            with path.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"step": state.global_step, **(logs or {})}) + "\n")

    return Lines()


def note(given: argparse.Namespace, questions: Sequence[str]) -> None:
    """What is trained on, so that nobody evaluates on it."""
    asked = sorted({digest(one) for one in questions})
    facts = {
        "files": [Path(name.partition("*")[0]).name for name in given.mined],
        "rows": len(questions),
        KEY: asked,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=0)
    (given.out / TRAINED_ON).write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description="微调向量模型")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--mined", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=RATE, help="学习率")
    parser.add_argument("--save", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args(arguments))


if __name__ == "__main__":
    main()
