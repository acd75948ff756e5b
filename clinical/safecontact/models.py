"""The safe-contact card: the newest row counts, and none is changed."""

from django.conf import settings
from django.db import models

from consent.models import EncryptedJSONField, EncryptedTextField, Protected, ProtectedQuerySet


class SafeContact(Protected):
    """How a client wants to be reached, in their own words, and why others must stay out of it.

    It lies with who the client is, so that whoever may see the phone number sees the rule with it. A
    later card takes the place of an earlier one, which stays for whoever asks what was known when.
    """

    ways = EncryptedJSONField(default=list, blank=True)  # [word of Way]; none means that any will do
    never = EncryptedJSONField(default=list, blank=True)  # [word of Way]
    best_time = EncryptedTextField(max_length=200, blank=True)
    say_as = EncryptedTextField(max_length=200, blank=True)
    code_word = EncryptedTextField(max_length=60, blank=True)
    language = EncryptedTextField(max_length=60, blank=True)
    never_tell = EncryptedTextField(max_length=300, blank=True)
    no_police_because = EncryptedTextField(max_length=500, blank=True)
    no_child_services_because = EncryptedTextField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")

    class Privacy:
        as_compartment = frozenset(
            {
                "ways", "never", "best_time", "say_as", "code_word", "language", "never_tell", "no_police_because",
                "no_child_services_because", "by",
            }
        )  # fmt: skip
        says_nothing = Protected.Privacy.says_nothing

    def __str__(self) -> str:
        return f"safe contact {self.pk}"

    def allows(self, way: str) -> bool:
        """May this way be used? What is not ruled out may be, unless only others were wanted."""
        return way not in self.never and (not self.ways or way in self.ways)
