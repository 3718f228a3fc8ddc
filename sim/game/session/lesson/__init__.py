"""What a lesson adds to the talks, as actions and state: a breakout, a comprehension check, a survey, a reflection."""
