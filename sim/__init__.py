"""Parley plays out peace negotiations: declared red lines, rules and a reason for every no."""
