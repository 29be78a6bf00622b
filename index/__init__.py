"""Stores and retrieval: settings, catalog, encoder, vectors, lexical, retriever."""
