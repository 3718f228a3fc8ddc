"""The game: who sits where, moves, clock, votes, log, and who may see what. No web, no printing."""
