"""A class without devices: handouts, score sheets, results written down, and a rehearsal."""
