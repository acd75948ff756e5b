"""The way to partner organizations: an API that decides again at each read."""
