"""Documents as HTML, PDF and Markdown."""
