"""The prompt at which one person plays."""
