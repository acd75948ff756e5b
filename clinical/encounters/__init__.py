"""One contact with a client, its notes, and what was said about roles and answered."""
