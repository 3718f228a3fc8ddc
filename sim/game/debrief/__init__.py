"""After the game: results, reasons, missed gains, and the comparison with the rules."""
