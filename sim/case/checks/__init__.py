"""What a case must keep beyond the shape of its files, and how a mistake in it is said."""
