"""Versions of regulations: which documents belong together, and what holds on a given day.

``statements`` is what a text states (read at ingest), ``chains`` puts documents in order,
``status`` says what holds, ``view`` answers for a whole library, ``asked`` reads which version a
question means, ``compare`` sets two versions side by side.
"""
