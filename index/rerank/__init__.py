"""The rerank stage: candidates in fused order in, the same ones in a better order out."""
