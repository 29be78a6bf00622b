"""An office's own tuning of the encoder: its questions in, a better model or none out."""
