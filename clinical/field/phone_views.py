"""What a phone asks for: the key it seals to, whether it must forget, and to take what it kept."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from clinical.encounters.models import Encounter
from clinical.field import parcels, sealed
from clinical.field import phones as services
from clinical.roles import CARE_TEAM, IN_CARE
from consent import access

# What the page for no signal needs, kept by the phone beside the page itself.
SHELL_FILES = (
    "bulkhead/tokens.css", "bulkhead/site.css", "bulkhead/components.css", "bulkhead/forms.css",
    "frontend/uswds/css/uswds.min.css", "clinical/clinical.css", "clinical/field.css", "clinical/phone-store.js",
    "clinical/no-signal.js", "bulkhead/favicon-clinical.svg",
)  # fmt: skip


def _json(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object; an empty one for anything else."""
    if request.content_type != "application/json":
        return {}
    try:
        said = json.loads(request.body)
    except ValueError:  # neither JSON nor UTF-8
        return {}
    return said if isinstance(said, dict) else {}


def _number(said: dict[str, Any]) -> UUID | None:
    """The phone's own number, if it is one."""
    try:
        return UUID(str(said.get("phone", "")))
    except ValueError:
        return None


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def contact(request: HttpRequest) -> HttpResponse:
    """A phone with somebody signed in: the key to seal to, and whether it must forget first."""
    phone_id = _number(_json(request))
    if phone_id is None:
        return JsonResponse({"error": "no phone"}, status=400)
    must_forget = services.seen(phone_id=phone_id, principal=request.user, at=timezone.now())
    return JsonResponse({"forget": must_forget, "key": sealed.public_key()})


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def parcel(request: HttpRequest) -> HttpResponse:
    """Take one form that a phone kept. 200 and 4xx: the phone drops it; anything else: it tries again."""
    try:
        opened = sealed.open_parcel(_json(request))
    except sealed.Unreadable:
        return JsonResponse({"error": "unreadable"}, status=400)
    if opened.owner != services.owner_tag(request.user):
        raise access.NothingToTell("kept by somebody else")
    return JsonResponse({"state": parcels.deliver(opened=opened, by=request.user, at=timezone.now())})


@csrf_exempt  # nobody is signed in, and nothing but the order's own phone is changed by it
@login_not_required
@require_POST
def orders(request: HttpRequest) -> HttpResponse:
    """Must this phone forget? Asked without signing in; a number that nobody knows need not."""
    phone_id = _number(_json(request))
    must_forget = phone_id is not None and services.hand_over_order(phone_id=phone_id, at=timezone.now())
    return JsonResponse({"forget": must_forget})


@require_safe
@access.purpose("HOPERAT")
@access.requires_role(*IN_CARE)
def phones(request: HttpRequest) -> HttpResponse:
    """One's own phones, and those of the workers whom one supervises."""
    return render(
        request, "clinical/field/phones.html", {"phones": services.phones_for(request.user, timezone.now())}
    )


@require_POST
@access.purpose("HOPERAT")
@access.requires_role(*IN_CARE)
def forget(request: HttpRequest, phone_id: UUID) -> HttpResponse:
    """Order a phone to forget what it keeps."""
    services.order_to_forget(phone_id=phone_id, by=request.user, at=timezone.now())
    messages.success(request, _("Ordered. The phone forgets what it kept when it next reaches the site."))
    return redirect("clinical:phones")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that stands between the pages and the line; the same for everybody."""
    files = [static(name) for name in SHELL_FILES]
    context = {
        "store": static("clinical/phone-store.js"),
        "facts": json.dumps(
            {
                "shell": reverse("clinical:phone_no_signal"),
                "files": files,
                "version": sha256("|".join(files).encode()).hexdigest()[:12],
                "login": reverse("account_login"),
                "orders": reverse("clinical:phone_orders"),
            }
        ),
    }
    answer = render(
        request, "clinical/field/worker.js", context, content_type="text/javascript; charset=utf-8"
    )
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@login_not_required
@require_safe
def no_signal(request: HttpRequest) -> HttpResponse:
    """The page that a phone shows without a signal: the same for everybody, and nobody's name on it."""
    return render(request, "clinical/field/no_signal.html", {"dispositions": Encounter.Disposition.choices})
