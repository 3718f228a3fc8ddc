"""Questions about all packages: what could be agreed, the Pareto frontier, and the zone of possible agreement."""
