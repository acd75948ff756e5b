"""Django's ``has_perm``, told by the same grants that policies and lists read."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.utils import timezone

from consent import access, selectors
from consent.models import Principal, Protected


class GrantBackend(ModelBackend):
    """A role says what kind of act, a grant says on which compartment; both must hold.

    Nothing asks for ``is_superuser``; an inactive principal has no permission.
    Outside an access context there is no purpose, and so no permission on an object.
    """

    def get_user(self, user_id: Any) -> Principal | None:
        """The principal of a session with their employer, which the ledger and the law ask for."""
        found = Principal.objects.select_related("employer").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        """May ``user_obj`` do ``perm`` (``app.verb_model``), on ``obj`` if one is given?"""
        if not isinstance(user_obj, Principal) or not user_obj.is_active or user_obj.is_anonymous:
            return False
        if perm not in self._role_permissions(user_obj):
            return False
        if obj is None:
            return True
        context = access.current_or_none()
        if context is None or not isinstance(obj, Protected):
            return False
        writes = not perm.split(".", 1)[1].startswith("view_")
        return selectors.may_open(
            user_obj, obj.compartment, purpose=context.purpose, at=timezone.now(), writes=writes
        )

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Does a role of the principal allow anything in the app?"""
        return any(p.startswith(f"{app_label}.") for p in self._role_permissions(user_obj))

    def get_all_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        """The permissions of the roles held; with an object, those that also hold on it."""
        found = self._role_permissions(user_obj)
        return {p for p in found if self.has_perm(user_obj, p, obj)} if obj is not None else found

    @staticmethod
    def _role_permissions(user_obj: Any) -> set[str]:
        return selectors.role_permissions(user_obj, timezone.now())
