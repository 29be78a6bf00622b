"""What only the interface can say: that something asked for is not there."""

from __future__ import annotations

from index.errors import LibraryError, shorten


class UnknownJob(LibraryError):
    """A job that does not exist for the caller."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"没有第 {job_id} 号任务，可用 GET /api/v1/jobs 查看有哪些。")


class UnknownModel(LibraryError):
    """A model that the OpenAI-compatible interface does not offer."""

    def __init__(self, name: str) -> None:
        super().__init__(f"没有名为“{shorten(name)}”的模型，可用 GET /v1/models 查看有哪些。")


class NoOriginal(LibraryError):
    """A document whose file is not where it was, or has changed since it was read."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"《{shorten(title)}》的原文件已移动或改动，不能下载；文本仍可查看。请联系管理员重新入库。"
        )
