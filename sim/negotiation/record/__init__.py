"""What happened in the talks, and how it is told, kept and replayed."""
