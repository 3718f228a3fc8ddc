"""After the game: results, reasons, missed gains, and how people compare with the rules."""
