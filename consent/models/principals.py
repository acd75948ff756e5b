"""Who asks: staff, officers, partners' machines, named system tasks; and the offices they hold."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import (
    AbstractBaseUser,
    Group,
    PermissionsMixin,
    UserManager,
    _user_has_module_perms,
    _user_has_perm,
)
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models.organizations import Organization, Program


class Principal(AbstractBaseUser, PermissionsMixin):
    """Somebody, or something, that can ask.

    ``is_superuser`` comes with Django's mixin and opens nothing here: no backend,
    policy or view asks for it.
    """

    class Kind(models.TextChoices):
        """What stands behind the account."""

        PERSON = "person"
        MACHINE = "machine"
        SYSTEM = "system"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    employer = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # asked for by Django; there is no admin site
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager["Principal"]()

    def __str__(self) -> str:
        return self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What the backends say; Django's own shortcut for superusers is left out."""
        return self.is_active and _user_has_perm(self, perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """The same."""
        return self.is_active and _user_has_module_perms(self, app_label)

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """The same: names are not taken apart."""
        return self.get_full_name()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Offices by holder and instant."""

    def held_by(self, principal: Principal, at: datetime) -> "MembershipQuerySet":
        """The offices that ``principal`` holds at ``at``."""
        return self.held_at(at).filter(principal=principal)

    def held_at(self, at: datetime) -> "MembershipQuerySet":
        """The offices that somebody holds at ``at``."""
        return self.filter(begins_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


class Membership(models.Model):
    """A role in a program, from an instant to an instant. Roles are groups."""

    principal = models.ForeignKey(Principal, models.CASCADE, related_name="+")
    role = models.ForeignKey(Group, models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, models.PROTECT, related_name="+")
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_begins_first",
                condition=Q(ends_at__isnull=True) | Q(begins_at__lt=F("ends_at")),
            ),
            models.UniqueConstraint(
                fields=["principal", "role", "program", "begins_at"], name="membership_once"
            ),
        ]
        indexes = [models.Index(fields=["principal", "program"], name="membership_principal")]

    def __str__(self) -> str:
        return f"membership {self.pk}"
