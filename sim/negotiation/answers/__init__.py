"""What everybody answers to texts, why, and what would turn a refusal."""
