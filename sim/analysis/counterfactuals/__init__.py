"""What would change an answer: terms, single numbers, and many numbers together."""
