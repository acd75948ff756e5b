"""People in care: who they are, and everything about one of them that the asker may see."""
