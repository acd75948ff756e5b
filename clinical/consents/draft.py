"""A form being filled in: what is on it so far, and what it still lacks. Nothing is kept before it is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clinical.clients.models import Client
from clinical.consents import wording
from clinical.consents.wording import Tier
from consent import services
from consent.engine import forms
from consent.models import Consent, Determination, Organization, Principal, Program


def form_of(program: Program, at: datetime) -> str:
    """The form that ``program`` takes: the strictest that its determination asks for.

    An undetermined program takes the Part 2 form, which meets 45 CFR 164.508(c) as well.
    """
    if services.profile(program).parent == "VSP":
        return "VS-REL"
    may_be_part2 = Determination.of(program, at)["p2_status"] in ("program", "undetermined")
    return "P2-SPEC" if may_be_part2 or services.profile(program).parent == "SUDP2" else "HIPAA-AUTH"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that a form says; validity is computed from it and never ticked."""

    program: Program
    form: str
    client: Client
    by: Principal
    at: datetime
    organizations: tuple[Organization, ...] = ()
    treating: bool = False
    tiers: tuple[Tier, ...] = ()
    purposes: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    days: int | None = None
    copy_offered: bool = False
    informed: bool = False
    capacity: str = ""
    signature: bytes = b""
    typed: str = ""
    witness: str = ""
    language: str = "en"
    interpreter: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_victim(self) -> bool:
        """Does the victim services' form apply?"""
        return self.form == "VS-REL"

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, if that was chosen."""
        return self.at + timedelta(days=self.days) if self.days else None

    @property
    def recipients(self) -> list[dict[str, str]]:
        """Who may receive, as the form's rows hold it."""
        found = [
            {"type": each.kind, "organization": str(each.uid), "unit": ""} for each in self.organizations
        ]
        if self.treating:
            found.append({"type": Organization.Kind.TREATING_PROVIDER.value, "organization": "", "unit": ""})
        return found

    @property
    def to_words(self) -> str:
        """Who may receive, in words."""
        named = [each.name for each in self.organizations]
        return "; ".join([*named, wording.TREATING_DETAIL] if self.treating else named)

    @property
    def what_words(self) -> str:
        """What may be shared, in words."""
        return "; ".join(tier.detail for tier in self.tiers)

    @property
    def why_words(self) -> str:
        """What it is for, in words."""
        return "; ".join(detail for _words, detail, _codes in self.purposes)

    @property
    def segments(self) -> list[str]:
        """The segments that the ticked kinds mean."""
        return sorted({segment for tier in self.tiers for segment in tier.segments})

    @property
    def purpose_codes(self) -> set[str]:
        """The purposes as the engine names them."""
        return {code for _words, _detail, codes in self.purposes for code in codes}

    @property
    def signed(self) -> str:
        """How it was signed, if it was: drawn, or typed before a witness who is somebody else."""
        if self.signature:
            return "drawn by hand"
        if self.typed and self.witness and self.typed.casefold() != self.witness.casefold():
            return f"typed as {self.typed}, witnessed by {self.witness}"
        return ""

    def elements(self) -> dict[str, Any]:
        """What stands on the form under each of the law's keys (`law/rules.md` section 3)."""
        return self._victim_elements() if self.is_victim else self._health_elements() | self._part2_elements()

    def _common(self) -> dict[str, str]:
        named = f"{self.client.given_name} {self.client.family_name}".strip()
        ends = f"until {self.ends_at:%Y-%m-%d %H:%M %Z}" if self.ends_at else ""
        return {
            "name": named, "from": f"{self.program.name}, {self.program.organization.name}",
            "to": self.to_words, "info": self.what_words, "purpose": self.why_words, "expiry": ends,
            "sig": self.signed, "date": self.at.isoformat() if self.signed else "",
        }  # fmt: skip

    def _health_elements(self) -> dict[str, Any]:
        """45 CFR 164.508(c)."""
        common = self._common()
        return {
            "h.info": common["info"], "h.from": common["from"], "h.to": common["to"],
            "h.purpose": common["purpose"], "h.expiry": common["expiry"], "h.sig": common["sig"],
            "h.sigdate": common["date"], "h.revoke": wording.REVOKE, "h.cond": wording.CONDITION,
            "h.redisc": wording.REDISCLOSE, "h.plain": "copy offered" if self.copy_offered else "",
        }  # fmt: skip

    def _part2_elements(self) -> dict[str, Any]:
        """42 CFR 2.31(a), for a program that is one or may be."""
        if self.form != "P2-SPEC":
            return {}
        common = self._common()
        return {
            "p.name": common["name"], "p.from": common["from"], "p.info": common["info"],
            "p.to": common["to"], "p.purpose": common["purpose"], "p.expiry": common["expiry"],
            "p.sig": common["sig"], "p.date": common["date"], "p.revoke": wording.REVOKE,
            "p.cestmt": wording.COVERED, "p.redisc": wording.PART2_REDISCLOSE, "p.refuse": wording.CONDITION,
        }  # fmt: skip

    def _victim_elements(self) -> dict[str, Any]:
        """34 U.S.C. 12291(b)(2): informed, written, reasonably time-limited; and 164.508(c) beside it."""
        common = self._common()
        informed = "benefits, risks and other ways were talked about" if self.informed else ""
        return self._health_elements() | {
            "v.who": common["name"] or self.client.described_as, "v.to": common["to"], "v.what": common["info"],
            "v.why": common["purpose"], "v.end": common["expiry"], "v.informed": informed,
            "v.how": wording.VICTIM_HOW, "v.sig": common["sig"], "v.date": common["date"],
            "v.noncond": wording.VICTIM_FREE,
        }  # fmt: skip

    def statements(self) -> list[str]:
        """What the form says beside the answers, in the order it is read out."""
        if self.is_victim:
            return [wording.VICTIM_FREE, wording.REVOKE, wording.VICTIM_HOW, wording.REDISCLOSE]
        if self.form == "P2-SPEC":
            return [
                wording.CONDITION, wording.REVOKE, wording.NOTHING_AGAINST_ME, wording.COVERED,
                wording.PART2_REDISCLOSE, wording.REDISCLOSE,
            ]  # fmt: skip
        return [wording.CONDITION, wording.REVOKE, wording.REDISCLOSE]

    def _values(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "program": self.program,
            "recipients": self.recipients,
            "segments": self.segments,
            "purposes": sorted(self.purpose_codes),
            "elements": self.elements(),
            "signed_at": self.at,
            "ends_at": self.ends_at,
        }

    def lacks(self) -> list[str]:
        """What keeps the form from being valid, in plain words; empty when it is."""
        value = services.facts_of(Consent(subject_id=self.client.subject_id, **self._values()))
        defects = {*forms.defects(value, self.at), *forms.health_defects(value, self.at)}
        found = [wording.missing_words(defect) for defect in sorted(defects)]
        if not self.capacity:
            found.append("that the person understands what they sign")
        return list(dict.fromkeys(found))

    def keep(self) -> Consent:
        """Keep the signed form, and open what it opens.

        Raises:
            ValueError: it lacks something.
        """
        if self.lacks():
            raise ValueError("an invalid form is not finished")
        return services.record_consent(
            subject_id=self.client.subject_id,
            explained_by=self.by,
            signature=self.signature,
            witness=self.witness,
            language=self.language,
            interpreter=self.interpreter,
            capacity_note=self.capacity,
            channel="in person",
            **self._values(),
        )
