"""How it plays out: the Mesa model, its agents, protocols, context and record (model, section 6)."""
