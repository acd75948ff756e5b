"""Checking a ledger from outside: no Django, the verifier's role, the public key, the witnesses' files."""
