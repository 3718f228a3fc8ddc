"""What is known before the talks: issues, actors, rules, claims and numbers, and the loader that reads them."""
