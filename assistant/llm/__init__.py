"""A language model behind any OpenAI-compatible endpoint, as LlamaIndex's ``LLM``.

``endpoint`` speaks HTTP within bounds, ``openai_compatible`` is the LlamaIndex class on it,
``prompt`` says what the model sees, ``draft`` cuts what it says into sentences with marks.
"""
