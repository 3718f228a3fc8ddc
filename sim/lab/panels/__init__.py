"""Panels of the lab that are filled last: levers, tornado, response curves, talks and comparison."""
