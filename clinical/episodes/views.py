"""One's episodes, taking in, an episode's page with what can be done there, and who a person says they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.models import Client
from clinical.clients.selectors import banner, client_seen_by, names_of
from clinical.episodes import selectors, services
from clinical.episodes.definitions import (
    CLOSING,
    ELIGIBILITY,
    INTAKE,
    Definition,
    RecordKind,
    definition_of,
    definitions,
)
from clinical.episodes.forms import (
    CloseForm,
    DemographicsForm,
    MoveForm,
    OpeningForm,
    RecordForm,
    ReopenForm,
)
from clinical.episodes.models import Episode, EpisodeRecord
from clinical.episodes.persons import TRAITS
from clinical.intake.selectors import counts_of
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.safecontact.selectors import is_unsafe
from clinical.writing import check_may
from consent import access, paging
from consent.models import Program
from consent.services import profile


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def episodes(request: HttpRequest) -> HttpResponse:
    """The episodes that one may see, by program, stage and whether they are over."""
    said = request.GET
    wanted = selectors.Filter(
        program=said.get("program", "")[:40],
        stage=said.get("stage", "")[:24],
        closed=said.get("state") == "closed",
    )
    page = selectors.episodes_of(request.user, wanted, paging.Asked.by(said, size=selectors.SHOWN))
    names = names_of(each.subject_id for each in page.rows)
    now = timezone.now()
    rows = [_listed(each, names.get(each.subject_id, ""), now) for each in page.rows]
    defined = definition_of(wanted.program)
    context = {
        "rows": rows,
        "wanted": wanted,
        "programs": [(slug, each.name) for each in definitions().values() for slug in each.programs],
        "stages": [(each.id, each.words) for each in defined.stages] if defined else [],
        "links": paging.links(request, page),
    }
    return render(request, "clinical/episodes/list.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def client_episodes(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """A client's episodes, and the programs that could take them in."""
    client = client_seen_by(request.user, subject_id)
    page = paging.page_of(selectors.episodes_about(subject_id), paging.Asked.by(request.GET))
    may_write = request.user.has_perm("clinical.change_client", client)
    now = timezone.now()
    running = {each.compartment.scope.program_id for each in page.rows if each.closed_at is None}
    able = selectors.programs_to_open(request.user, client, now) if may_write else []
    context = {
        "banner": banner(subject_id),
        "rows": [_listed(each, "", now) for each in page.rows],
        "links": paging.links(request, page),
        "able": [_offered(each) for each in able if each.pk not in running],
    }
    return render(request, "clinical/episodes/client.html", context)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def open_episode(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The intake of the program that was chosen, and taking in; the choice travels in the body."""
    client = client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    now = timezone.now()
    program, defined = _program_named(request, client, now)
    form = OpeningForm(request.POST if "save" in request.POST else None, definition=defined)
    if not form.is_bound or not form.is_valid():
        context = {"banner": banner(subject_id), "form": form, "program": program, "defined": defined}
        context["segments"] = profile(program).note
        return render(request, "clinical/episodes/new.html", context)
    eligibility = form.answers(defined.record(ELIGIBILITY))
    if why := form.cleaned_data["why_anyway"]:
        eligibility[services.WHY_ANYWAY] = why
    answers = {ELIGIBILITY: eligibility, INTAKE: form.answers(defined.record(INTAKE))}
    try:
        episode = services.open_episode(
            client=client, program=program, by=request.user, at=now, source=form.cleaned_data["source"],
            answers=answers,
        )  # fmt: skip
    except services.AlreadyOpen as there:
        messages.info(request, _("This episode is open already."))
        return redirect("clinical:episode", episode_id=there.episode.pk)
    messages.success(request, _("Taken in."))
    return redirect("clinical:episode", episode_id=episode.pk)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def episode_page(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Where it stands, how it came there, what was recorded."""
    return _page(request, selectors.episode_seen_by(request.user, episode_id))


def _page(request: HttpRequest, episode: Episode, **forms: Any) -> HttpResponse:
    """The page, with the form that needs another look in place of a fresh one."""
    moves = selectors.moves_of(episode)
    page = selectors.records_of(episode, paging.Asked.by(request.GET, size=selectors.RECORDS))
    may_write = request.user.has_perm("clinical.change_episode", episode)
    now = timezone.now()
    due_at = selectors.due_at(episode)
    context = {
        "banner": banner(episode.subject_id),
        "episode": episode,
        "program": episode.compartment.scope.program,
        "defined": episode.defined,
        "due_at": due_at,
        "is_late": due_at is not None and due_at < now,
        "moves": moves,
        "records": page.rows,
        "links": paging.links(request, page),
        "counts": counts_of(episode.card_id),
        "may_write": may_write,
        "move_form": MoveForm(stages=selectors.next_stages(episode, moves)),
        "reopen_form": ReopenForm(),
    }
    return render(request, "clinical/episodes/episode.html", context | forms)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def move(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Move to another stage."""
    episode = selectors.episode_seen_by(request.user, episode_id)
    check_may(request.user, "change", episode)
    form = MoveForm(request.POST, stages=selectors.next_stages(episode, selectors.moves_of(episode)))
    if not form.is_valid():
        return _page(request, episode, move_form=form)
    try:
        services.move(episode=episode, by=request.user, at=timezone.now(), **form.cleaned_data)
    except services.Missing as missing:
        named = ", ".join(kind.words for kind in missing.kinds)
        form.add_error("to", _("Write this first: %(named)s.") % {"named": named})
        return _page(request, episode, move_form=form)
    except services.NotOpen:
        messages.info(request, _("A colleague has closed it meanwhile."))
    else:
        messages.success(request, _("Moved."))
    return redirect("clinical:episode", episode_id=episode.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def close(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """End the episode for a reason."""
    episode = selectors.episode_seen_by(request.user, episode_id)
    check_may(request.user, "change", episode)
    defined = episode.defined
    form = CloseForm(request.POST or None, definition=defined)
    if not form.is_bound or not form.is_valid():
        context = {"banner": banner(episode.subject_id), "episode": episode, "defined": defined, "form": form}
        return render(request, "clinical/episodes/close.html", context)
    try:
        services.close(
            episode=episode, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now(),
            answers=form.answers(defined.record(CLOSING)),
        )  # fmt: skip
    except services.NotOpen:
        messages.info(request, _("A colleague has closed it meanwhile."))
    else:
        messages.success(request, _("Episode closed."))
    return redirect("clinical:episode", episode_id=episode.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def reopen(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Take the closing back."""
    episode = selectors.episode_seen_by(request.user, episode_id)
    check_may(request.user, "change", episode)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, episode, reopen_form=form)
    try:
        services.reopen(episode=episode, by=request.user, at=timezone.now(), why=form.cleaned_data["why"])
    except services.AlreadyOpen as there:
        messages.info(request, _("Another episode of this program is open."))
        return redirect("clinical:episode", episode_id=there.episode.pk)
    except services.NotOpen:
        messages.info(request, _("It is open already."))
    else:
        messages.success(request, _("The episode goes on."))
    return redirect("clinical:episode", episode_id=episode.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def write_record(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The form of the kind that was chosen, and keeping it; the kind travels in the body."""
    episode = selectors.episode_seen_by(request.user, episode_id)
    check_may(request.user, "change", episode)
    kind = episode.defined.record(request.POST.get("kind", ""))
    if kind is None or kind not in episode.defined.chosen_records:
        return _page(request, episode)
    form = RecordForm(
        request.POST if "save" in request.POST else None,
        questions=kind.questions,
        initial={"happened_at": timezone.localtime()},
    )
    if not form.is_bound or not form.is_valid() or _is_against_card(form, episode):
        return _record_form(request, episode, kind, form)
    services.write_record(
        episode=episode, kind=kind.id, by=request.user, happened_at=form.cleaned_data["happened_at"],
        answers=form.answers(kind),
    )  # fmt: skip
    messages.success(request, _("Kept."))
    return redirect("clinical:episode", episode_id=episode.pk)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def record_page(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One record."""
    record = selectors.record_seen_by(request.user, record_id)
    context = {
        "banner": banner(record.episode.subject_id),
        "record": record,
        "may_write": not record.corrected_at
        and request.user.has_perm("clinical.change_episoderecord", record)
        and request.user.has_perm("clinical.change_episode", record.episode),
    }
    return render(request, "clinical/episodes/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def correct_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Write the record anew; the earlier one stays, and says that it was corrected."""
    record = selectors.record_seen_by(request.user, record_id)
    check_may(request.user, "change", record)
    kind = record.defined
    if record.corrected_at or kind is None:
        return redirect("clinical:episode_record", record_id=record.pk)
    form = RecordForm(
        request.POST or None,
        questions=kind.questions,
        initial=record.answers | {"happened_at": timezone.localtime(record.happened_at)},
    )
    if not form.is_bound or not form.is_valid():
        return _record_form(request, record.episode, kind, form, corrects=record)
    made = services.write_record(
        episode=record.episode, kind=kind.id, by=request.user, happened_at=form.cleaned_data["happened_at"],
        answers=form.answers(kind), corrects=record,
    )  # fmt: skip
    messages.success(request, _("Corrected."))
    return redirect("clinical:episode_record", record_id=made.pk)


def _is_against_card(form: RecordForm, episode: Episode) -> bool:
    """Was a way used that the safe-contact card rules out, and nobody says why? Then the form says so."""
    said = form.cleaned_data
    if said.get("against_card_because") or not is_unsafe(episode.subject_id, str(said.get("way", ""))):
        return False
    form.add_error(
        "way", _("The safe-contact card rules this way out. Choose another, or say below why not.")
    )
    return True


def _record_form(
    request: HttpRequest, episode: Episode, kind: RecordKind, form: RecordForm, **more: EpisodeRecord
) -> HttpResponse:
    own = profile(episode.compartment.scope.program).note
    context = {
        "banner": banner(episode.subject_id),
        "episode": episode,
        "kind": kind,
        "form": form,
        "segments": sorted({*own, *kind.segments}),
    }
    return render(request, "clinical/episodes/record_form.html", context | more)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def demographics(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """What the person says they are; whoever may not write reads it."""
    client = client_seen_by(request.user, subject_id)
    kept = selectors.demographics_of(client)
    may_write = request.user.has_perm("clinical.change_client", client)
    if request.method == "POST":
        check_may(request.user, "change", client)
    answers = {trait.name: kept.answer(trait.name) if kept else {} for trait in TRAITS}
    form = DemographicsForm(request.POST or None, initial=DemographicsForm.initial_of(answers))
    if form.is_bound and form.is_valid():
        services.keep_demographics(client=client, by=request.user, at=timezone.now(), answers=form.answers())
        messages.success(request, _("Saved."))
        return redirect("clinical:demographics", subject_id=subject_id)
    context = {
        "banner": banner(subject_id),
        "client": client,
        "kept": kept,
        "form": form,
        "may_write": may_write,
        "told": [(trait.label, trait.in_words(answers[trait.name])) for trait in TRAITS],
    }
    return render(request, "clinical/episodes/demographics.html", context)


def _listed(episode: Episode, name: str, now: datetime) -> dict[str, Any]:
    """An episode with its words, for a list."""
    due_at = selectors.due_at(episode)
    return {
        "episode": episode,
        "name": name,
        "program": episode.compartment.scope.program,
        "due_at": due_at,
        "is_late": due_at is not None and due_at < now,
    }


def _offered(program: Program) -> dict[str, Any]:
    return {"program": program, "defined": definition_of(program.known_as)}


def _program_named(request: HttpRequest, client: Client, at: datetime) -> tuple[Program, Definition]:
    """The program that was chosen and what it is, if the asker may take somebody in there."""
    named = request.POST.get("program", "")
    able = selectors.programs_to_open(request.user, client, at)
    found = next((each for each in able if each.slug == named), None)
    defined = definition_of(found.known_as) if found else None
    if found is None or defined is None:
        raise access.NothingToTell("no such program takes in here")
    return found, defined
