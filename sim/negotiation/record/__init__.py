"""The record of the talks: the history of a run, its summary as plain data, and versions of saved files."""
