"""From files to documents and passages: sources → readers → structure → metadata → passages."""
