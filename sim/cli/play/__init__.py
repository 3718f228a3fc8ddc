"""The prompt for a game that one person plays."""
