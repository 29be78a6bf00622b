"""What can be wrong with an upload as a whole."""

from __future__ import annotations

from index.errors import LibraryError


class UploadError(LibraryError):
    """Nothing of it can be taken in; the line says why."""


class UploadTooLarge(UploadError):
    """More bytes or files than one upload may have."""


class QuotaSpent(UploadError):
    """The person has sent as much as may be sent in a day."""

    def __init__(self, limit_mb: int, retry_after: int) -> None:
        hours = max(1, round(retry_after / 3600))
        super().__init__(
            f"您一天内上传的文件已到 {limit_mb} MB 的上限，请约 {hours} 小时后再传，"
            "或请管理员调高上限（LUMING_UPLOAD_DAY_MB）。"
        )
        self.retry_after = retry_after


class KeyReused(UploadError):
    """An idempotency key that stood for another request."""

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于另一次内容不同的上传，请换一个新的，或按原内容重发。"
        )


class KeyInUse(UploadError):
    """The first request with this idempotency key is not answered yet."""

    def __init__(self) -> None:
        super().__init__("用这个 Idempotency-Key 的上传还在处理，请稍后再查。")
