"""When somebody leaves: the account goes, and what only they could see."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.access.accounts import Accounts

_BLOCK = 200


def remove_person(accounts: Accounts, name: str) -> None:
    """Delete an account with its sessions, tokens and conversations.

    Whoever is given the same name later finds nothing of them. The audit log keeps its rows.
    Raises UnknownUser, LastAdministrator.
    """
    from assistant.activity.database import FILE, ActivityDatabase
    from assistant.conversation.store import ConversationStore

    user = accounts.people.get(name)
    accounts.people.remove(user.name)
    home = accounts.settings.home
    if not (home / FILE).exists():
        return
    database = ActivityDatabase(home)
    try:
        store = ConversationStore(database)
        while found := store.conversations(user.name, _BLOCK):
            for one in found:
                store.delete(one.conversation_id, user.name)
    finally:
        database.close()
