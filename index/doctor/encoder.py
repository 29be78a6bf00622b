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
                    "数据目录里没有设置的向量模型（models）。",
                    "修复时由安装包重新生成，约一分钟；平时第一次使用也会自动生成。",
                    True,
                )
            ]
        try:
            newer = home.library.newer
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
        if newer is not None:
            return [
                Finding(
                    "encoder-newer",
                    f"设置的向量模型是“{shorten(newer.name)}”，资料库的向量还是"
                    f"“{shorten(home.library.encoder.name)}”的；目前按后者照常检索。",
                    "空闲时运行 luming reembed（或修复）换用设置的模型：期间照常可以提问，"
                    "中断了再运行会接着做（每万段约两分钟）。",
                    True,
                )
            ]
        return []

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Build the wheel's model, or make all vectors anew."""
        if findings[0].kind == "encoder-missing":
            home.library.encoder.encode_queries(["你好"])
            return ["已重新生成向量模型。"]
        report = home.library.reembed()
        return [f"已用当前模型重新生成 {report.encoded + report.copied} 条向量。"]


def _not_built(home: Examined) -> bool:
    from index.encoder import model_of
    from index.encoder.build import WHEEL_MODEL

    if home.given_encoder or model_of(home.settings.encoder) != WHEEL_MODEL:
        return False
    return not (home.settings.models_dir / WHEEL_MODEL).is_dir()
