"""Analyses that go beyond a single run: verdicts, reasons, comparisons, ensembles, thresholds, sources."""
