"""What the processor can do, as far as the int8 conversion has to know."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def has_exact_int8_products() -> bool:
    """Whether u8 × s8 products are summed without saturating.

    True on ARM and on x86 with VNNI. On older x86 (AVX2, AVX-512 without VNNI) pairs of products
    saturate at 16 bits (onnxruntime documentation, "Quantize ONNX models", section "When and why
    do I need to try reduce_range"), so weights get 7 bits there, as on an x86 that cannot be asked.
    """
    if platform.machine().lower() not in ("x86_64", "amd64", "i386", "i686"):
        return True
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return any(flag in info for flag in ("avx512_vnni", "avx_vnni"))


def usable_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
