"""Writing the clients: compartments and care teams first, then each worker their own clients' records.

Each step is one transaction and finds out by itself whether it was done, so that a run
that was killed is finished by the next one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from clinical.responses.models import ResponseModel
from config.city import forms
from config.city.plans import ClientPlan, Contact, SignedForm
from config.city.scene import told_of
from consent import access, services
from consent.models import (
    Assignment,
    Compartment,
    Consent,
    LifeDates,
    Organization,
    Principal,
    Program,
    Restriction,
    Scope,
)
from consent.services import ledger
from consent.services.compartments import scope_of

PURPOSE = "CAREMGT"
Segments = tuple[str, ...]


class City:
    """The programs, principals and organizations of this side, looked up once."""

    def __init__(self) -> None:
        self.programs = {each.slug: each for each in Program.objects.select_related("unit")}
        self.principals = {each.username: each for each in Principal.objects.select_related("employer")}
        self.organizations = {each.name: each for each in Organization.objects.all()}
        self.models = {each.slug: each for each in ResponseModel.objects.all()}
        self.scopes: dict[tuple[str, Segments], Scope] = {}

    def scope(self, program: str, segments: Iterable[str]) -> Scope:
        """The scope of a program and segments."""
        key = (program, tuple(sorted(segments)))
        if key not in self.scopes:
            self.scopes[key] = scope_of(self.programs[program], key[1])
        return self.scopes[key]


def kinds_of_compartment(client: ClientPlan, program: Program) -> set[Segments]:
    """The sets of segments that the client's record falls into."""
    profile = services.profile(program)
    written = {tuple(sorted({*profile.note, *_extra(contact)})) for contact in client.contacts}
    return {profile.identity, profile.enrolment, profile.note} | written


def _extra(contact: Contact) -> Segments:
    return ("RISK",) if contact.at_risk else ()


def open_records(clients: Sequence[ClientPlan], city: City) -> None:
    """Make every client's compartments, put the care teams on, and derive the grants."""
    with access.opened("system:grants", PURPOSE):
        if Compartment.objects.exists():
            return  # these, or those of another seed: there is one city
        Compartment.objects.bulk_create(
            Compartment(subject_id=client.subject_id, scope=city.scope(client.program, segments))
            for client in clients
            for segments in sorted(kinds_of_compartment(client, city.programs[client.program]))
        )
        assigned = Assignment.objects.bulk_create(
            Assignment(
                subject_id=client.subject_id,
                program=city.programs[client.program],
                principal=city.principals[username],
                begins_at=client.met_at,
            )
            for client in clients
            for username in client.workers
        )
        for each in assigned:
            ledger.note_event(
                "assign", subject_id=each.subject_id, resources={"consent.assignment": [str(each.pk)]}
            )
        for client in clients:
            services.recompute_grants(client.subject_id)


def write_records(clients: Iterable[ClientPlan], city: City, *, at: datetime) -> None:
    """Each worker writes the records of the clients they were the first to meet."""
    by_worker: dict[str, list[ClientPlan]] = defaultdict(list)
    for client in clients:
        by_worker[client.workers[0]].append(client)
    for username, theirs in by_worker.items():
        _Desk(city, city.principals[username]).write(theirs, at=at)


class _Desk:
    """One worker at work."""

    def __init__(self, city: City, worker: Principal) -> None:
        self.city, self.worker = city, worker

    def write(self, clients: Sequence[ClientPlan], *, at: datetime) -> None:
        """Everything that the worker wrote, as one transaction of theirs."""
        with access.opened(self.worker, PURPOSE):
            found = Compartment.objects.filter(subject_id__in=[each.subject_id for each in clients])
            self.compartments = {
                (each.subject_id, each.scope_id): each for each in found.select_related("scope")
            }
            clients = [each for each in clients if self._compartment(each, self._profile(each).identity)]
            if Client.objects.filter(pk__in=[each.id for each in clients]).exists():
                return
            Client.objects.bulk_create(self._client(each) for each in clients)
            LifeDates.objects.bulk_create(self._life(each) for each in clients if each.born_on)
            encounters = [(each, contact) for each in clients for contact in each.contacts]
            Encounter.objects.bulk_create(self._encounter(*each) for each in encounters)
            Note.objects.bulk_create(self._note(*each) for each in encounters)
            self._sign(clients, at=at)

    def _sign(self, clients: Sequence[ClientPlan], *, at: datetime) -> None:
        """Keep forms and restrictions; afterwards each client's grants are derived anew, once."""
        signed = [(client, each) for client in clients for each in client.signed]
        Consent.objects.bulk_create(self._consent(*each, at=at) for each in signed)
        for client, form in signed:
            noted = {"consents": [str(form.id)], "subject_id": client.subject_id}
            ledger.note_event("consent", segments=sorted(form.form.segments), **noted)
            if form.state == forms.REVOKED:
                ledger.note_event("revoke", reason=form.form.revoked_how, **noted)
        Restriction.objects.bulk_create(self._restriction(each) for each in clients if each.restricts)
        for client in clients:
            if client.signed or client.restricts:
                services.recompute_grants(client.subject_id)

    def _profile(self, client: ClientPlan) -> services.Profile:
        return services.profile(self.city.programs[client.program])

    def _compartment(self, client: ClientPlan, segments: Iterable[str]) -> Compartment | None:
        """The compartment, if it opens to the worker: what is undetermined may open to nobody."""
        return self.compartments.get((client.subject_id, self.city.scope(client.program, segments).pk))

    def _client(self, client: ClientPlan) -> Client:
        return Client(
            id=client.id,
            compartment=self._compartment(client, self._profile(client).identity),
            unit=self.city.programs[client.program].unit,
            given_name=client.given_name,
            family_name=client.family_name,
            described_as=client.described_as,
            born_on=client.born_on,
            phone=client.phone,
            contact_rule=client.contact_rule,
            created_at=client.met_at,
        )

    def _life(self, client: ClientPlan) -> LifeDates:
        """Everybody in the city is of age, so that no grant differs by it."""
        identity = self._compartment(client, self._profile(client).identity)
        return LifeDates(compartment=identity, subject_id=client.subject_id, born_on=client.born_on)

    def _encounter(self, client: ClientPlan, contact: Contact) -> Encounter:
        return Encounter(
            id=contact.id,
            compartment=self._compartment(client, self._profile(client).note),
            by=self.worker,
            opened_at=contact.opened_at,
            arrived_at=contact.opened_at + timedelta(minutes=6),
            call_type=contact.call_type,
            location=contact.location,
            zone=contact.zone,
            place=contact.place,
            present=list(contact.present),
            police=contact.police,
            introduced_at=contact.opened_at + timedelta(minutes=8),
            answer=contact.answer,
            disposition=contact.disposition,
            left_at=contact.left_at,
            created_at=contact.opened_at,
            **told_of(contact, client.program, self.city.models),
        )

    def _note(self, client: ClientPlan, contact: Contact) -> Note:
        return Note(
            id=contact.note_id,
            compartment=self._compartment(client, {*self._profile(client).note, *_extra(contact)}),
            encounter_id=contact.id,
            author=self.worker,
            body=contact.body,
            created_at=contact.left_at,
        )

    def _consent(self, client: ClientPlan, signed: SignedForm, *, at: datetime) -> Consent:
        """The form as it was kept then, and taken back since if it was."""
        form, profile = signed.form, self._profile(client)
        signed_at = form.signed_at(at=at, state=signed.state, part=signed.part)
        ends_at = signed_at + timedelta(days=form.days)
        is_revoked = signed.state == forms.REVOKED
        return Consent(
            id=signed.id,
            compartment=self._compartment(client, profile.enrolment),
            form=form.form,
            subject_id=client.subject_id,
            program=self.city.programs[client.program],
            recipients=[self._recipient(form.recipient)],
            segments=sorted(form.segments),
            purposes=sorted(form.purposes),
            elements=form.elements(name=client.called, until=ends_at, state=signed.state),
            signed_at=signed_at,
            ends_at=ends_at,
            end_event=form.end_event,
            revoked_at=signed_at + (at - signed_at) / 2 if is_revoked else None,
            revoked_how=form.revoked_how if is_revoked else "",
            revoked_by=self.worker if is_revoked else None,
            explained_by=self.worker,
            capacity_note="Understood, sober, not in a hurry",
            created_at=signed_at,
        )

    def _recipient(self, recipient: forms.Recipient) -> dict[str, str]:
        named = self.city.organizations.get(recipient.organization)
        return {
            "type": recipient.type,
            "organization": str(named.uid) if named else "",
            "unit": recipient.unit,
        }

    def _restriction(self, client: ClientPlan) -> Restriction:
        return Restriction(
            compartment=self._compartment(client, self._profile(client).enrolment),
            subject_id=client.subject_id,
            program=self.city.programs[client.program],
            segments=list(client.restricts),
            agreed_at=client.met_at,
            agreed_by=self.worker,
            created_at=client.met_at,
        )
