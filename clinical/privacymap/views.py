"""The privacy map: drawn, touched, and tried. Nothing is written but that it was read.

What is touched and tried stands in the body of a POST, never in an address: a segment beside a
client's id would tell something in every log on the way.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinical.clients.selectors import banner
from clinical.consents.wording import FORM_NAMES
from clinical.privacymap import picture
from clinical.privacymap.detail import Opened
from clinical.privacymap.trying import DAYS, USUAL_DAYS, Trial, left_open, longest_words
from clinical.roles import IN_CARE, PRIVACY_DESK
from consent import access


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def privacy_map(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Who may be told what, for those who work with the client."""
    return _answer(request, subject_id, is_desk=False)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HCOMPL")
@access.requires_role(*PRIVACY_DESK)
def privacy_map_desk(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The same for the privacy desk, which also reads which facts would change an answer."""
    return _answer(request, subject_id, is_desk=True)


def _answer(request: HttpRequest, subject_id: UUID, *, is_desk: bool) -> HttpResponse:
    drawn = picture.map_seen_by(request.user, subject_id, timezone.now())
    known = picture.known_on(drawn)
    wanting: dict[str, str] = {}
    if request.method == "POST":
        drawn = picture.tried_on(drawn, Trial.posted(request.POST, known))
        wanting = left_open(request.POST, known) if request.POST.get("do") == "compose" else {}
    opened = None
    if request.method == "POST" and request.POST.get("cell"):
        opened = Opened(drawn, drawn.spot(request.POST["cell"]), is_desk=is_desk)
    about = banner(subject_id)
    context: dict[str, Any] = {
        "map": drawn,
        "opened": opened,
        "is_desk": is_desk,
        "banner": about,
        "may_write": about["client"] is not None
        and request.user.has_perm("clinical.change_client", about["client"]),
        "people_of": picture.in_words(drawn.consents, drawn.everybody),
        "form_names": FORM_NAMES,
    }
    if opened is not None and request.htmx:
        return render(request, "clinical/privacymap/_opened.html", context)
    context |= _what_if(request, drawn, known, wanting)
    return render(request, "clinical/privacymap/map.html", context)


def _what_if(request: HttpRequest, drawn: picture.Map, known: Any, wanting: dict[str, str]) -> dict[str, Any]:
    """What the fields of *What if* show: what was said last, where it couldn't be done."""
    said = request.POST if wanting else {}
    slug = next(iter(drawn.programs))
    return {
        "wanting": wanting,
        "tried": [
            {
                "number": number, "written": each.written, "form": FORM_NAMES[each.form], "segments": each.segments,
                "person": drawn.by_key[each.person].label, "days": DAYS[each.days],
                "capped": longest_words(each.form, each.days, drawn.at),
            }
            for number, each in enumerate(drawn.trial.tried)
        ],
        "fields": {
            "programs": drawn.programs.values(), "days": DAYS.items(),
            "chosen": {
                "program": said.get("program", slug), "form": said.get("form") or known.usual_form(slug),
                "to": said.get("to", ""), "days": said.get("days", str(USUAL_DAYS)),
                "what": request.POST.getlist("what") if wanting else [],
            },
        },
    }  # fmt: skip
