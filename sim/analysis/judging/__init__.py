"""Questions about one package: verdicts, reasons, comparisons, and where the numbers come from."""
