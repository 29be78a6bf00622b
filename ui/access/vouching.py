"""People whom another system vouches for: matched to accounts, or given one, by the settings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ui.access.errors import AccessError, LastAdministrator, UnknownUser
from ui.access.model import Principal, Role, role_of
from ui.access.people import User, folded_name
from ui.access.tables import users

if TYPE_CHECKING:
    from ui.access.accounts import Accounts


class NoAccount(AccessError):
    """The person is who they say, but has no account here, or it is switched off."""

    status = 403

    def __init__(self, name: str) -> None:
        super().__init__(f"统一认证已通过，但这里没有可用的账户“{name[:64]}”，请联系管理员开通。")


@dataclass(frozen=True)
class Vouched:
    """Who somebody is by another system. ``groups`` None: it says nothing of groups; ``subject``:
    the system's own lasting name for them, "" where it has none."""

    name: str
    display: str = ""
    groups: frozenset[str] | None = None
    subject: str = ""


class Vouching:
    """From what another system says to an account. Raises LibraryError for wrong settings."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        settings = accounts.settings
        self._create = settings.sso_new_users
        self._roles = {group: role_of(name) for group, name in settings.oidc_roles.items()}
        self._collections = settings.oidc_collections

    def admit(self, vouched: Vouched) -> User:
        """The account. Raises NoAccount where there is none and none may be made."""
        name = self._name_of(vouched)
        people = self._accounts.people
        try:
            user = people.get(name)
        except UnknownUser:
            if not self._create:
                raise NoAccount(name) from None
            user = people.add(name, None, Role.READER, [], vouched.display)
            self._record(user.name, "统一认证自动建户")
        if user.disabled:
            raise NoAccount(name)
        if vouched.groups is not None:
            user = self._follow_groups(user, vouched.groups)
        return user

    def _name_of(self, vouched: Vouched) -> str:
        """The name of the account that is this subject's; an account is the subject's who came
        first by its name, so that a name given anew to somebody else opens nothing."""
        if not vouched.subject:
            return vouched.name
        with self._accounts.database.writing() as connection:
            query = select(users.c.name).where(users.c.subject == vouched.subject)
            known = connection.execute(query).scalar()
            if known is not None:
                return str(known)
            key = folded_name(vouched.name)
            query = select(users.c.subject).where(users.c.name == key)
            if connection.execute(query).scalar():
                raise NoAccount(vouched.name)
        return vouched.name

    def bind(self, user: User, subject: str) -> None:
        """From now on the account is this subject's."""
        with self._accounts.database.writing() as connection:
            connection.execute(
                update(users).where(users.c.name == user.name).values(subject=subject)
            )

    def _follow_groups(self, user: User, groups: Collection[str]) -> User:
        """Role and collections as the groups give them, where the settings map any."""
        people = self._accounts.people
        if self._roles:
            given = {self._roles[group] for group in groups if group in self._roles}
            role = next((one for one in _HIGHEST_FIRST if one in given), Role.READER)
            if role != user.role:
                try:
                    user = people.set_role(user.name, role)
                    self._record(user.name, f"统一认证：角色 {role}")
                except LastAdministrator:
                    pass  # somebody must stay who can put it right
        if self._collections:
            listed = [self._collections[group] for group in groups if group in self._collections]
            seen = frozenset(name for names in listed for name in names)
            if seen != user.collections:
                user = people.set_collections(user.name, seen)
                self._record(user.name, f"统一认证：文库 {'、'.join(sorted(seen)) or '无'}")
        return user

    def _record(self, name: str, detail: str) -> None:
        from ui.access.audit import Action

        self._accounts.record(Principal(name=name), Action.RIGHTS, name, detail)


_HIGHEST_FIRST = (Role.ADMIN, Role.OPERATOR, Role.TRAINER, Role.READER)
