"""Plain dicts in, pages out: on the terminal, in HTML, PDF and Markdown. It renders results and computes none."""
