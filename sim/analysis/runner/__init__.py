"""How long work runs: in pieces, on one machine or many, in a folder from which it can be resumed."""
