"""Which uncertain numbers an answer depends on: Morris screening and Sobol indices."""
