"""Conversations: follow-ups made self-standing without a language model, kept, exported."""
