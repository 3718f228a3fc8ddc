"""What students may answer in a lesson beside the talks, when, and which answers are right."""
