"""What each actor can do alone: stability of the states of a conflict in which actors control issues."""
