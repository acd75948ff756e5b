"""Referring a client to a partner organization, and what became of it in one word."""
