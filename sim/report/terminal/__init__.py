"""Reports on the terminal, one module per command."""
