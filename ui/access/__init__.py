"""Who asks, and what they may see: people, rights, sessions."""
