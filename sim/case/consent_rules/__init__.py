"""What a consent rule asks for: acceptances, votes by weight, pledges, and their combinations (model, section 5)."""
