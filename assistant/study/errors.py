"""What can't be planned, in one Chinese line that says what to do."""

from __future__ import annotations

from index.errors import LibraryError


class StudyError(LibraryError):
    """A session that can't be made or changed as asked."""
