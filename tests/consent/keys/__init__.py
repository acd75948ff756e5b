"""The keys: one for each client, wrapped, gone for good when destroyed."""
