"""A game while it is played: seats, actions, clock, log, and who may see what."""
