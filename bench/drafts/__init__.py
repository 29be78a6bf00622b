"""Drafts that a language model might write, made by rule from real regulations.

``sources`` reads rules and picks true sentences, ``corruptions`` makes them false in known ways,
``paraphrases`` says them honestly in other words. Used by ``training/entailment.py`` and
``bench/grounding.py``, on documents that the two do not share.
"""
