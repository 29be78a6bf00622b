"""People and rights: a role gives rights, and each person sees the collections they were given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.errors import LibraryError


class Right(StrEnum):
    """What a page, a route or a command may need."""

    READ = "read"  # search, ask, read documents, verify a draft
    STUDY = "study"  # make study sessions
    OPERATE = "operate"  # put documents in, jobs, gaps
    ADMINISTER = "administer"  # people, rights, audit log, settings


class Role(StrEnum):
    """One role a person."""

    READER = "reader"
    TRAINER = "trainer"
    OPERATOR = "operator"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.READER: "读者",
    Role.TRAINER: "培训",
    Role.OPERATOR: "操作",
    Role.ADMIN: "管理",
}
RIGHT_NAMES = {
    Right.READ: "查阅",
    Right.STUDY: "备课",
    Right.OPERATE: "入库",
    Right.ADMINISTER: "管理",
}
RIGHTS_OF: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.TRAINER: frozenset({Right.READ, Right.STUDY}),
    Role.OPERATOR: frozenset({Right.READ, Right.OPERATE}),
    Role.ADMIN: frozenset(Right),
}


class Forbidden(LibraryError):
    """The person may not do this; the line says which right it takes."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"需要“{RIGHT_NAMES[right]}”权限，请联系管理员。")
        self.right = right


@dataclass(frozen=True)
class Principal:
    """Who asks. ``collections`` None: all, also those to come. ``name`` is unique, and "" for
    the one person at a machine without accounts."""

    name: str = ""
    display: str = ""
    rights: frozenset[Right] = frozenset(Right)
    collections: frozenset[str] | None = None
    role: Role | None = None
    session: str = ""  # the session or token that it came by, for the audit log

    def may(self, right: Right) -> bool:
        """Whether it has a right."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raise Forbidden without the right."""
        if right not in self.rights:
            raise Forbidden(right)

    def sees(self, collection: str) -> bool:
        """Whether a collection exists for this person."""
        return self.collections is None or collection in self.collections


#: The one person at the machine, while no accounts exist and the server is on loopback.
AT_THE_MACHINE = Principal(name="", display="本机")
