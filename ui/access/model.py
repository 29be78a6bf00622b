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

#: Whoever has not said who they are: sees nothing, may do nothing.
ANONYMOUS = Principal(rights=frozenset(), collections=frozenset())


def role_of(written: str) -> Role:
    """A role as a person writes it, 管理 or admin. Raises LibraryError naming the known ones."""
    known = {name: role for role, name in ROLE_NAMES.items()} | {str(role): role for role in Role}
    found = known.get(written.strip().lower())
    if found is None:
        raise LibraryError(f"没有这个角色，可用的有：{'、'.join(ROLE_NAMES.values())}。")
    return found


def right_of(written: str) -> Right:
    """A right as a person writes it, 查阅 or read. Raises LibraryError naming the known ones."""
    known = {name: right for right, name in RIGHT_NAMES.items()} | {str(one): one for one in Right}
    found = known.get(written.strip().lower())
    if found is None:
        raise LibraryError(f"没有这种权限，可用的有：{'、'.join(RIGHT_NAMES.values())}。")
    return found
