"""What is remembered of the asking: questions and answers, feedback, gaps, baselines."""
