"""How the talks play out: the Mesa model, its agents, protocols, context and record (model, section 6)."""
