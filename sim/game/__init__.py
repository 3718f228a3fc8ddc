"""The game for people: its sessions, its debriefs, and the same on paper. No web, no printing."""
