"""How well a library is searched: questions with their right passages, ranks, figures."""
