"""Exchange with other programs: domains of Genius and NegMAS as cases, and cases as domains of NegMAS."""
