"""The pages of the command line, one module per command. Each takes a result as plain data and returns a page."""
