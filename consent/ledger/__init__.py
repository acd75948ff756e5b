"""Pure Python: the bytes and hashes that make a change to the ledger visible."""
