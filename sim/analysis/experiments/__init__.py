"""Many worlds: ensembles, sweeps over a design, and their counts and intervals."""
