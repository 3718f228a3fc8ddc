"""The talks in sentences: what was tried each month and why, what it taught, and what stood between the parties."""
