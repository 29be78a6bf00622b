"""What a text states of its versions is kept with the document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Nothing is known of them yet: the next run reads the files anew and embeds nothing again."""
    stated = sa.Column("statements", sa.Text, nullable=False, server_default="{}")
    version = sa.Column("metadata_version", sa.Integer, nullable=False, server_default="0")
    op.add_column("documents", stated)
    op.add_column("documents", version)
