"""The machinery of one machine."""
