"""Papers of a client, kept encrypted, and never what they don't say they are."""
