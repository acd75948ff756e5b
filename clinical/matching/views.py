"""The matching desk: pairs that wait, two records side by side, and what somebody says of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.models import Client
from clinical.matching import selectors, services
from clinical.matching.forms import AcrossForm, AnswerForm
from clinical.matching.models import Pair
from clinical.matching.selectors import Two
from clinical.roles import MATCHERS, PRIVACY_DESK
from clinical.search import words
from clinical.search.selectors import clients_found
from clinical.search.services import may_search
from consent import access, paging


@require_safe
@access.purpose("HOPERAT")
@access.requires_role(*MATCHERS)
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, or with ``?said`` those of which somebody has said something."""
    answered = "said" in request.GET
    found, page = selectors.pairs_for(request.user, answered=answered, asked=paging.Asked.by(request.GET))
    context = {
        "pairs": [_told(two) for two in found],
        "links": paging.links(request, page),
        "answered": answered,
    }
    return render(request, "clinical/matching.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HOPERAT")
@access.requires_role(*MATCHERS)
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Two records side by side, with what identifies a person and nothing else."""
    two = selectors.pair_for(request.user, pair_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.answer_pair(
            pair=two.pair, clients=two.both, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Kept. Both records stay as they are."))
        return redirect("clinical:pairs")
    context = _told(two) | {
        "form": form,
        "facts": _side_by_side(*two.both),
        "is_open": two.pair.answer == "open",
        "may_map": bool(access.roles_of(request.user) & set(PRIVACY_DESK)),
    }
    return render(request, "clinical/pair.html", context)


@require_POST
@access.purpose("HOPERAT")
@access.requires_role(*MATCHERS)
def take_back(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Put a pair back among those that wait."""
    two = selectors.pair_for(request.user, pair_id)
    services.take_back_answer(pair=two.pair, clients=two.both, by=request.user)
    messages.success(request, _("It waits again."))
    return redirect("clinical:pair", pair_id=pair_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HOPERAT")
@access.requires_role(*MATCHERS)
def across(request: HttpRequest) -> HttpResponse:
    """Put together two records of different legal units that somebody knows to be one person's.

    A record is looked for, chosen, and then the other; nothing here compares anybody by itself.
    """
    form = AcrossForm(request.POST or None)
    context: dict[str, object] = {"form": form, "because": Pair.Because.choices[:-1]}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        first, second = (selectors.record_for(request.user, said[name]) for name in ("first", "second"))
        if first and second and said["because"]:
            try:
                pair = services.link_across(
                    one=first, other=second, by=request.user, because=said["because"], at=timezone.now()
                )
            except services.NotLinked as error:
                form.add_error(None, str(error))
            else:
                selectors.pair_for(
                    request.user, pair.pk
                )  # who works one of the desks only puts nobody together
                messages.success(request, _("Kept. Both records stay as they are."))
                return redirect("clinical:pair", pair_id=pair.pk)
        context |= {"first": first, "second": second}
        if said["said"] and may_search(request.user, at=timezone.now()):
            context["found"] = clients_found(request.user, words.read(said["said"])).clients
    return render(request, "clinical/across.html", context)


def _told(two: Two) -> dict[str, object]:
    """A pair with its words, for a template."""
    return {"two": two, "pair": two.pair, "alike": [Pair.Alike(each).label for each in two.pair.alike]}


def _side_by_side(first: Client, second: Client) -> list[dict[str, object]]:
    """What identifies a person in both records, line by line, and whether it is the same."""
    rows = [
        ("Given name", first.given_name, second.given_name),
        ("Family name", first.family_name, second.family_name),
        ("Described as", first.described_as, second.described_as),
        ("Born", first.born_on, second.born_on),
        ("Phone", first.phone, second.phone),
        ("Program", *(each.compartment.scope.program.name for each in (first, second))),
        ("Known since", first.created_at, second.created_at),
    ]
    return [
        {"label": label, "first": one, "second": other, "alike": _how_alike(label, one, other)}
        for label, one, other in rows
    ]


def _how_alike(label: str, one: object, other: object) -> str:
    if not (one and other) or label in ("Program", "Known since"):
        return ""
    if label == "Phone":
        return "same" if words.phone(str(one)) == words.phone(str(other)) else "differs"
    if label == "Born":
        return "same" if one == other else "differs"
    first, second = (words.pieces(str(each)) for each in (one, other))
    if set(first) == set(second):
        return "same"
    heard = [{sound for word in each for sound in words.sounds(word)} for each in (first, second)]
    return "sounds alike" if heard[0] & heard[1] else "differs"
