"""Domains of other programs as cases, and cases as domains: Genius and NegMAS."""
