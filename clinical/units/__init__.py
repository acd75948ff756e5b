"""Where and when: the city's zones, the teams that cover them, and their shifts."""
