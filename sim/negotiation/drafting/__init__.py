"""How the next text is drafted: candidates, tests of admissibility, ranking, and the answers that drafters expect."""
