"""The encoder: is it there, and is it the one that made the vectors?"""

from __future__ import annotations

from collections.abc import Sequence

from index.doctor.base import Examined, Finding
from index.errors import EncoderMismatch, LibraryError, shorten


class EncoderCheck:
    """The encoder of the settings against the fingerprint in the catalog."""

    title = "向量模型"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Nothing where no vectors have been made yet."""
        from index.library import ENCODER_NAME, FINGERPRINT

        catalog = home.library.catalog
        if not catalog.get_meta(FINGERPRINT):
            return []
        if _not_built(home):
            return [
                Finding(
                    "encoder-missing",
                    "数据目录里没有默认向量模型（models）。",
                    "修复时由安装包重新生成，约一分钟；平时第一次使用也会自动生成。",
                    True,
                )
            ]
        try:
            home.library.check_encoder()
        except EncoderMismatch:
            stored = catalog.get_meta(ENCODER_NAME) or ""
            return [
                Finding(
                    "encoder-mismatch",
                    f"向量由“{shorten(stored)}”生成，当前设置的是“{shorten(home.library.encoder.name)}”。",
                    "设置改错了的，请把 LUMING_ENCODER 改回原来的模型，不要修复；"
                    "确实换了模型的，修复时用当前模型重新生成全部向量（每万段约两分钟）。",
                    True,
                )
            ]
        except LibraryError as error:
            return [
                Finding(
                    "encoder-unavailable",
                    f"向量模型不能用：{error}",
                    "请检查 LUMING_ENCODER 和数据目录里的 models。",
                )
            ]
        return []

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Build the default model, or make all vectors anew."""
        if findings[0].kind == "encoder-missing":
            home.library.encoder.encode_queries(["你好"])
            return ["已重新生成默认向量模型。"]
        report = home.library.reembed()
        return [f"已用当前模型重新生成 {report.encoded + report.copied} 条向量。"]


def _not_built(home: Examined) -> bool:
    from index.encoder import DEFAULT_FOLDER

    if home.given_encoder or home.settings.encoder != "default":
        return False
    return not (home.settings.models_dir / DEFAULT_FOLDER).is_dir()
