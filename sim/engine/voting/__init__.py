"""Counting votes and pledges, over arrays; `sim.engine.voting.consent` combines the results."""
