"""How far coders agree on what the claims of a case say."""
