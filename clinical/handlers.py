"""What this side does with an envelope that arrives."""


def register() -> None:
    """Name the handler of each kind; called once when the site starts."""
