"""Counting votes and pledges, over arrays; `sim.engine.consent` combines the results."""
