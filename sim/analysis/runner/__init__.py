"""Long jobs: played in pieces, on one machine or several, with a folder from which they can be resumed."""
