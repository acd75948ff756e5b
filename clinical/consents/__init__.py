"""Taking a consent with the client, showing it, and taking it back."""
