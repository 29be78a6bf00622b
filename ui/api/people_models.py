"""What the routes about people take and give."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from ui.access.model import Right, Role
from ui.api.models import Name

if TYPE_CHECKING:
    from ui.access.model import Principal
    from ui.access.people import User
    from ui.access.tokens import Token

Seen = Annotated[list[Name], Field(max_length=1000)]
Password = Annotated[str, Field(max_length=256)]


class Me(BaseModel):
    """Who the caller is to the server. ``name`` "" is the person at a machine without accounts."""

    name: str
    display: str
    role: Role | None
    rights: list[Right]
    collections: list[str] | None = Field(description="可查的文库，null 表示全部")

    @classmethod
    def of(cls, one: Principal) -> Me:
        """The caller."""
        seen = None if one.collections is None else sorted(one.collections)
        return cls(
            name=one.name,
            display=one.display,
            role=one.role,
            rights=sorted(one.rights),
            collections=seen,
        )


class UserRow(BaseModel):
    """A person; never anything of their password but whether there is one."""

    name: str
    display: str
    role: Role
    collections: list[str] | None = Field(description="可查的文库，null 表示全部")
    disabled: bool
    must_change: bool
    has_password: bool
    created: datetime
    last_seen: datetime | None

    @classmethod
    def of(cls, user: User) -> UserRow:
        """The person."""
        seen = None if user.collections is None else sorted(user.collections)
        return cls.model_validate({**vars(user), "collections": seen})


class Users(BaseModel):
    """One page of the people, by name."""

    users: list[UserRow]
    next: str | None
    total: int


class NewUser(BaseModel):
    """A person to be added. Without a password only another system vouches for them."""

    name: str = Field(max_length=200)
    password: Password | None = None
    role: Role = Role.READER
    collections: Seen | None = Field(
        default_factory=list, description="可查的文库，null 表示全部，不填则一个也没有"
    )
    display: str = Field(default="", max_length=200)
    must_change: bool = Field(default=True, description="第一次登录时必须改密码")


class UserChange(BaseModel):
    """What shall be other than it is; what is left out stays. ``all_collections`` true: the person
    sees all, also those to come."""

    role: Role | None = None
    collections: Seen | None = None
    all_collections: Literal[True] | None = None
    display: str | None = Field(default=None, max_length=200)
    disabled: bool | None = None


class NewPassword(BaseModel):
    """An administrator's new password for somebody, to be changed at the first login."""

    password: Password


class TokenRow(BaseModel):
    """A token without its secret."""

    token_id: str
    label: str
    rights: list[Right]
    created: datetime
    expires: datetime
    last_used: datetime | None
    expired: bool

    @classmethod
    def of(cls, token: Token) -> TokenRow:
        """The token."""
        return cls.model_validate({**vars(token), "rights": sorted(token.rights)})


class TokenRows(BaseModel):
    """The caller's tokens, the newest first; at most fifty."""

    tokens: list[TokenRow]


class NewToken(BaseModel):
    """A token to be made."""

    label: str = Field(default="", max_length=200)
    rights: Annotated[list[Right], Field(min_length=1, max_length=10)] = [Right.READ]
    days: int = Field(default=90, ge=1, le=730)


class MadeToken(BaseModel):
    """The secret, shown this once."""

    token: str
    days: int
