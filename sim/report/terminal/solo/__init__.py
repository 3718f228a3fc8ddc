"""The terminal pages of a game that one person plays."""
