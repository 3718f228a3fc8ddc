"""How far coders agree on the meaning of the claims of a case."""
