"""How the next text is found: candidates, tests, ranking, and what the drafters expect everybody to answer."""
