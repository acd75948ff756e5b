"""The page *Ask the engine*, and the questions that the desk keeps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinical.bench import selectors, services
from clinical.bench.answer import Answer
from clinical.bench.forms import MOST_SHEETS, SaveForm
from clinical.bench.models import BenchScenario
from clinical.bench.table import Table
from clinical.bench.words import CARE_SEGMENTS, POLICE_SEGMENTS
from clinical.roles import BENCH
from consent import access, paging
from consent.services import bench as engine


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HCOMPL")
@access.requires_role(*BENCH)
def bench(request: HttpRequest) -> HttpResponse:
    """Ask, and read the answer on the same page. Nothing but a scenario that is saved is kept."""
    if request.method != "POST":
        return _page(request, Table.blank(request.GET.get("program", "")))
    go = request.POST.get("go", "")
    what, _separator, number = go.partition("-")
    if what in ("look", "add", "remove"):
        add = request.POST.get("add", "") if what == "add" else ""
        remove = number if what == "remove" else ""
        return _page(request, Table.as_it_stands(request.POST, add=add, remove=remove))
    table = Table.posted(request.POST)
    if not table.is_whole():
        return _page(request, table)
    written = table.written()
    if what == "save":
        return _save(request, table, written)
    reply = engine.ask(written)
    if what == "try" and number.isdecimal() and int(number) < len(reply.decision.would_change_it):
        written = engine.with_change(written, reply.asked, reply.decision.would_change_it[int(number)])
        table, reply = Table.of(written), engine.ask(written)
    return _page(request, table, Answer(reply, written))


def _save(request: HttpRequest, table: Table, written: dict[str, Any]) -> HttpResponse:
    """Keep the question, if it has a name."""
    save = SaveForm(request.POST)
    if not save.is_valid():
        return _page(request, table, Answer(engine.ask(written), written), save=save)
    said = save.cleaned_data
    kept = services.keep(name=said["name"], note=said["note"], question=written, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("clinical:bench_scenario", scenario_id=kept.pk)


def _page(
    request: HttpRequest,
    table: Table,
    answer: Answer | None = None,
    *,
    save: SaveForm | None = None,
    scenario: BenchScenario | None = None,
) -> HttpResponse:
    context = {
        "table": table,
        "faults": list(table.faults()),
        "answer": answer,
        "save": save or SaveForm(),
        "scenario": scenario,
        "most_sheets": MOST_SHEETS,
        "care_segments": CARE_SEGMENTS,
        "police_segments": POLICE_SEGMENTS,
    }
    return render(request, "clinical/bench/bench.html", context)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*BENCH)
def scenarios(request: HttpRequest) -> HttpResponse:
    """The questions that were kept, newest first, a page at a time."""
    name = "".join(filter(str.isprintable, request.GET.get("name", ""))).strip()[:120]
    page = selectors.scenarios(request.user, name=name, asked=paging.Asked.by(request.GET))
    context = {"scenarios": page.rows, "links": paging.links(request, page), "name": name}
    return render(request, "clinical/bench/scenarios.html", context)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*BENCH)
def scenario(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """A question that was kept, asked again."""
    kept = selectors.scenario_seen_by(request.user, scenario_id)
    answer = Answer(engine.ask(kept.question), kept.question)
    return _page(request, Table.of(kept.question), answer, scenario=kept)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*BENCH)
def download(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """A question that was kept, as a file of ``manage.py decide``."""
    kept = selectors.scenario_seen_by(request.user, scenario_id)
    short = str(kept.pk)[:8]
    text = engine.as_yaml(kept.question, id_=f"bench-{short}", title=kept.name, note=kept.note)
    headers = {"Content-Disposition": f'attachment; filename="scenario-{short}.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("HCOMPL")
@access.requires_role(*BENCH)
def delete(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Throw a question away, after one page that asks."""
    kept = selectors.scenario_seen_by(request.user, scenario_id)
    if request.method == "POST":
        services.throw_away(kept, by=request.user)
        messages.success(request, _("Deleted."))
        return redirect("clinical:bench_scenarios")
    return render(request, "clinical/bench/delete.html", {"scenario": kept})
