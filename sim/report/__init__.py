"""Plain dicts in, pages out: terminal, Markdown, playthrough. Renders; computes nothing."""
