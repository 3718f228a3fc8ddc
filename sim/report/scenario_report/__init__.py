"""The report on scenarios: a document of blocks with figures, which becomes HTML, Markdown or PDF."""
