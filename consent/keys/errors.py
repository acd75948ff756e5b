"""What can be wrong with keys. No message holds a key, a ciphertext or a text."""

from django.http import Http404


class KeysUnavailable(OSError):
    """The keys can't be had, or a ciphertext doesn't open with its own: the answer is a 503 without content."""


class Tampered(KeysUnavailable):
    """A ciphertext stands where it was not written, or was changed."""


class KeyDestroyed(Http404):
    """The subject's key was destroyed for good: what stood under it is like what never was."""
