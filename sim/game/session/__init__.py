"""A game while it is played: seats, actions, clock, log, votes, and who may see what."""
