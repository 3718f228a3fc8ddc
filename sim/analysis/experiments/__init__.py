"""Many worlds: ensembles, sweeps over a design, their counts, intervals and tables."""
