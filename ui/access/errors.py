"""What can go wrong with people and rights, each with one Chinese line and an HTTP status."""

from __future__ import annotations

from index.errors import LibraryError, shorten


class AccessError(LibraryError):
    """Base of these; ``status`` is the HTTP status of its answer."""

    status = 422


class AccessStoreError(AccessError):
    """The database of people and rights cannot be opened, read or written."""

    status = 500


class UnknownUser(AccessError):
    """No such person."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有名为“{shorten(name)}”的用户。",
            "可运行 luming user list 查看",
            "请检查用户名",
        )


class UnknownSession(AccessError):
    """No such session, or it is another person's."""

    status = 404

    def __init__(self) -> None:
        super().__init__("没有这个登录，可能已经退出或到期。")


class UnknownToken(AccessError):
    """No such token, or it is another person's."""

    status = 404

    def __init__(self) -> None:
        super().__init__("没有这个访问令牌，可能已经撤销。")


class LastAdministrator(AccessError):
    """Nobody would be left who may give rights."""

    status = 409

    def __init__(self) -> None:
        super().__init__("这是最后一个能用的管理员，不能停用、降级或删除；请先再设一个管理员。")


class WrongPassword(AccessError):
    """Name and password do not belong together. Says the same whatever the reason is."""

    status = 401

    def __init__(self) -> None:
        super().__init__("用户名或密码不对，或账户已停用。忘记密码请联系管理员重设。")


class Throttled(AccessError):
    """Too many failures; ``seconds`` to wait, whole and at least 1."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"失败次数太多，请等 {seconds} 秒后再试。")
        self.seconds = seconds
