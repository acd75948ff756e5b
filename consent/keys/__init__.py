"""The keys that a client's identifiers and texts are encrypted with, in a database of their own (`KEYS_URL`)."""
