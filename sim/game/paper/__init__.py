"""A class without devices: handouts, score sheets, results written on paper, and a rehearsal."""
