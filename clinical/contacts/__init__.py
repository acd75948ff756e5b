"""The people around a client, and with whom they live."""
