"""Counting packages without listing them, where the issues fall into parts that do not affect each other."""
