"""What agents say in a game: public sentences about their answers, and replies to private messages. No numbers."""
