"""Panels of the lab with a stream of answers of their own: levers, tornado, response curves, talks and comparison."""
