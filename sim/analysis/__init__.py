"""Questions that one run does not answer: verdicts, reasons, comparisons, ensembles, sources."""
