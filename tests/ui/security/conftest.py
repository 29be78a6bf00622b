"""The people's server of the access tests."""

from tests.ui.access.conftest import kept, staffed, visit

__all__ = ["kept", "staffed", "visit"]
