"""Encoders of the E5 family in ONNX, straight from text to unit vectors.

Nothing here imports torch: a question from the shell would wait seconds for it. The
SentenceTransformer view of the same engine is in ``st_module``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.base import EncoderError, Progress
from index.encoder.build import ModelFiles, read_model
from index.encoder.cpu import usable_cpus
from index.encoder.onnx_graph import EMBEDDING, TOKENS
from index.encoder.tokenizer import Tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DIMENSION = 384
MAX_TOKENS = 512
QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

_QUERIES_KEPT = 128


class OnnxE5:
    """The engine: prefixed texts in, unit vectors out. Safe to share between threads.

    Every text is one run on one thread, ``threads`` of them side by side, so a vector depends on
    its text alone. ``model`` is the ONNX file, or its bytes.
    """

    def __init__(
        self, model: Path | bytes, tokenizer: Tokenizer, threads: int | None = None
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The graph is fused by hand; a further level would put the layer norms of this
        # model into SkipLayerNormalization, which is 6 times slower than Add and LayerNormalization.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        try:
            self._session = onnxruntime.InferenceSession(
                model if isinstance(model, bytes) else str(model),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime's errors share no base class
            raise EncoderError("向量模型无法加载，请删除模型目录后重试。") from error
        self.gives_tokens = TOKENS in [one.name for one in self._session.get_outputs()]
        self.tokenizer = tokenizer
        self.threads = threads or usable_cpus()

    @classmethod
    def open(cls, files: ModelFiles, threads: int | None = None) -> OnnxE5:
        """The engine of a verified model folder."""
        try:
            tokenizer = Tokenizer.from_bytes(files.tokenizer.read_bytes())
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError("分词表已损坏，请删除模型目录后重试。") from error
        return cls(files.model, tokenizer, threads)

    def token_ids(self, text: str) -> list[int]:
        """Ids of a prefixed text, cut at 512."""
        return self.tokenizer.encode(text, MAX_TOKENS)

    def run(self, ids: Sequence[int]) -> np.ndarray:
        """The unit vector float32 (384) of one text's ids."""
        return self._session.run([EMBEDDING], {"input_ids": np.asarray(ids, np.int64)})[0]

    def token_vectors(self, prefix: str, text: str) -> np.ndarray:
        """Unit vectors float32 (n, 384) of the tokens of a text, read with its prefix.

        Only where ``gives_tokens``.
        """
        return self.with_token_vectors(prefix, text)[1]

    def with_token_vectors(self, prefix: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The unit vector of a text, and those of its tokens, of one run."""
        ids, before = self.token_ids(prefix + text), self.token_ids(prefix)
        pairs = zip(ids, before, strict=False)
        first = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        vector, rows = self._session.run(
            [EMBEDDING, TOKENS], {"input_ids": np.asarray(ids, np.int64)}
        )
        rows = rows[first:-1]
        return vector, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """float32 (n, 384) in the order of ``texts``, which carry their prefixes."""
        return self._each(
            lambda i: self.run(self.token_ids(texts[i])), [len(text) for text in texts], progress
        )

    def encode_ids(self, batch: Sequence[Sequence[int]]) -> np.ndarray:
        """float32 (n, 384) in the order of ``batch``, the ids of texts."""
        return self._each(lambda i: self.run(batch[i]), [len(ids) for ids in batch], None)

    def _each(
        self, one: Callable[[int], np.ndarray], sizes: list[int], progress: Progress | None
    ) -> np.ndarray:
        """``one(i)`` for every i, in threads, the largest first so that none ends up alone."""
        vectors = np.empty((len(sizes), DIMENSION), np.float32)
        order = iter(sorted(range(len(sizes)), key=lambda i: -sizes[i]))
        lock = threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    i = next(order, None)
                if i is None:
                    return
                vectors[i] = one(i)
                if progress is not None:
                    with lock:
                        progress(1)

        workers = min(self.threads, len(sizes))
        if workers <= 1:
            work()
            return vectors
        with ThreadPoolExecutor(workers, thread_name_prefix="encoder") as pool:
            for task in [pool.submit(work) for _ in range(workers)]:
                task.result()
        return vectors


class OnnxEncoder:
    """``Encoder`` over a verified model folder; see ``index.encoder.build``."""

    dimension = DIMENSION

    def __init__(self, folder: Path, threads: int | None = None, name: str = "") -> None:
        """Load and verify ``folder``. Raises EncoderError when it is missing or damaged.

        ``name``: by which ``load_encoder`` finds it again; the model's own if empty.
        """
        files = read_model(folder)
        self.folder = folder
        self.name = name or files.name
        self.fingerprint = files.fingerprint
        self.cosines = files.cosines
        self.engine = OnnxE5.open(files, threads)
        self._query = lru_cache(maxsize=_QUERIES_KEPT)(self._queried)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``. Single questions lately encoded are kept: a search and the answer made of
        it ask for the same one."""
        if len(texts) == 1:
            return self._query(texts[0])[0][None].copy()
        return self.engine.encode([QUERY_PREFIX + text for text in texts])

    def encode_passages(
        self,
        texts: Sequence[str],
        batch_size: int | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """See ``Encoder``; ``batch_size`` changes nothing, as every text is its own run."""
        return self.engine.encode([PASSAGE_PREFIX + text for text in texts], progress)

    def _queried(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """A question's vector and those of its tokens, none where the model doesn't give them."""
        if self.gives_tokens:
            return self.engine.with_token_vectors(QUERY_PREFIX, text)
        vector = self.engine.encode([QUERY_PREFIX + text])[0]
        return vector, np.empty((0, self.dimension), np.float32)

    @property
    def gives_tokens(self) -> bool:
        """Whether ``token_vectors`` can be had: the model has the output for it."""
        return self.engine.gives_tokens

    def query_token_vectors(self, text: str) -> np.ndarray:
        """Unit vectors (n, 384) of the tokens of a question."""
        return self._query(text)[1]

    def passage_token_vectors(self, text: str) -> np.ndarray:
        """Unit vectors (n, 384) of the tokens of a passage."""
        return self.engine.token_vectors(PASSAGE_PREFIX, text)

    @cached_property
    def sentence_transformer(self) -> SentenceTransformer:
        """The same engine as a SentenceTransformer with prompts ``query`` and ``passage``."""
        from index.encoder.st_module import sentence_transformer

        return sentence_transformer(self.engine, self.folder)
