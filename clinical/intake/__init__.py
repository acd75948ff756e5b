"""What arrives: cards from the police side and from medics, and their way into care."""
