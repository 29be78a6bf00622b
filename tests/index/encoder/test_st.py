"""Any other model: a real, tiny BERT made here and saved as a sentence-transformers folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import EncoderError, load_encoder
from index.encoder.st import is_e5

_TEXTS = ["机关党建", "纪检办法第一条", "台风", "党建"]


def _save_model(folder: Path, seed: int, prompts: dict[str, str] | None = None) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(seed)
    raw = folder.with_name(folder.name + "-raw")
    raw.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"机关党建纪检办法第一条台风:queryassg"]
    words = list(dict.fromkeys(words))
    (raw / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(raw / "vocab.txt")).save_pretrained(raw)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(raw)
    modules = [Transformer(str(raw)), Pooling(32, "mean")]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


def test_a_local_folder_is_used_with_its_own_prompts(tmp_path: Path):
    prompts = {"query": "query: ", "passage": "机关 "}
    folder = _save_model(tmp_path / "mine", 1, prompts)
    encoder = load_encoder(str(folder), tmp_path / "models")
    model = encoder.sentence_transformer
    assert encoder.dimension == 32
    queries = model.encode(["query: " + t for t in _TEXTS], prompt="", normalize_embeddings=True)
    passages = model.encode(["机关 " + t for t in _TEXTS], prompt="", normalize_embeddings=True)
    seen: list[int] = []
    got = encoder.encode_passages(_TEXTS, batch_size=3, progress=seen.append)
    assert np.allclose(encoder.encode_queries(_TEXTS), queries, atol=1e-5)
    assert np.allclose(got, passages, atol=1e-5)
    assert np.linalg.norm(got, axis=1) == pytest.approx(1, abs=1e-5)
    assert sum(seen) == len(_TEXTS) and len(seen) == 2
    assert encoder.encode_queries([]).shape == (0, 32)


def test_e5_names_get_e5_prefixes(tmp_path: Path):
    folder = _save_model(tmp_path / "models" / "my-e5-base", 1)
    encoder = load_encoder("my-e5-base", tmp_path / "models")
    model = encoder.sentence_transformer
    wanted = model.encode(["query: " + t for t in _TEXTS], normalize_embeddings=True)
    assert folder.is_dir()
    assert np.allclose(encoder.encode_queries(_TEXTS), wanted, atol=1e-5)
    assert is_e5("intfloat/multilingual-e5-large") and is_e5("models/e5_small")
    assert not is_e5("intfloat/multilingual-e5-large-instruct") and not is_e5("BAAI/bge-m3")


def test_fingerprints_differ_between_weights_and_prompts(tmp_path: Path):
    folders = [
        _save_model(tmp_path / "a", 1),
        _save_model(tmp_path / "b", 1),
        _save_model(tmp_path / "c", 2),
        _save_model(tmp_path / "d", 1, {"query": "q: "}),
    ]
    a, b, c, d = (load_encoder(str(f), tmp_path / "models").fingerprint for f in folders)
    assert a == b and len({a, c, d}) == 3


def test_a_model_that_is_not_there_says_what_to_do(tmp_path: Path):
    with pytest.raises(EncoderError, match=r"本机没有这个模型.*LUMING_ALLOW_HUB"):
        load_encoder("nobody/nothing", tmp_path).encode_queries(["你好"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderError, match="请确认该目录是完整的"):
        load_encoder(str(tmp_path / "empty"), tmp_path).encode_queries(["你好"])
