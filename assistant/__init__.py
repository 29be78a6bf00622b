"""From a question to a cited answer: question, retrieve, ground, answer."""
