"""The drop-in desk: who comes, what they take, and those who come without a name."""
