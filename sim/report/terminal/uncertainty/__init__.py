"""The terminal pages about uncertain numbers: ensembles, sweeps, sensitivity and boxes."""
