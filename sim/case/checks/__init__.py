"""What a case must keep besides the shape of its files, and how a mistake is said."""
