"""The engine's answer as the page tells it: words for every code, and the chain of rules for every segment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinical.bench import answer_words, fact_words, words
from consent import law
from consent.engine.facts import Decision, Finding
from consent.engine.forms import LOCAL_TIME
from consent.services import bench


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule with its citation and the question that it settles."""

    id: str
    cite: str
    asks: str


@dataclass(frozen=True, kw_only=True)
class RegimeLine:
    """What one body of law says of one segment."""

    name: str
    permits: bool
    parts: list[tuple[str, list[RuleLine]]]
    wanting: list[RuleLine]


@dataclass(frozen=True, kw_only=True)
class SegmentLine:
    """One segment: does it go, and why."""

    code: str
    goes: bool
    reason: RuleLine | None
    regimes: list[RegimeLine]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Additions that would release a segment."""

    number: int
    segment: str
    additions: list[str]


class Answer:
    """A reply in words."""

    def __init__(self, reply: bench.Reply, written: Mapping[str, Any]) -> None:
        self.reply, self.written = reply, written
        self.decision: Decision = reply.decision
        self.kind, self.title, self.sentence = answer_words.OUTCOMES[str(self.decision.outcome)]
        self.route = answer_words.ROUTES[str(self.decision.route)]
        self.elsewhere = answer_words.OUTCOMES[str(reply.closed.outcome)][1] if reply.differs else ""

    @property
    def asked(self) -> dict[str, str]:
        """The question in one sentence's words."""
        said, at = self.written, self.reply.asked.at
        return {
            "program": said["program"],
            "actor": words.ROLES[said["actor_role"]],
            "recipient": words.RECIPIENTS[said["recipient_type"]],
            "purpose": words.flat(words.PURPOSES)[said["purpose"]],
            "process": "" if said["process"] == "none" else words.PROCESSES[said["process"]],
            "at": f"{at:%Y-%m-%d, %H:%M} local time",
        }

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """What the program was taken for, and whether the question overrode it."""
        changed = self.written["config"]
        taken = self.written["determined"] | changed
        return [
            {"name": name, "word": _status(aspect, taken[aspect]), "overridden": aspect in changed}
            for aspect, name in words.ASPECTS.items()
        ]

    @property
    def segments(self) -> list[SegmentLine]:
        """Each segment asked for."""
        kept = {each.segment: each for each in self.decision.redacted}
        by_segment: dict[str, list[Finding]] = {}
        for finding in self.decision.findings:
            by_segment.setdefault(finding.segment, []).append(finding)
        return [
            SegmentLine(
                code=code,
                goes=code in self.decision.permitted,
                reason=rule_line(kept[code].reason) if code in kept else None,
                regimes=[_regime(finding) for finding in by_segment.get(code, [])],
            )
            for code in sorted({*self.decision.permitted, *kept})
        ]

    @property
    def elements(self) -> dict[str, list[str]] | None:
        """Which data elements go and which stay, where the answer is limited to some."""
        limit = self.decision.elements
        every = {**fact_words.ELEMENTS, **fact_words.CJ_INFO}
        if limit is None:
            return None
        return {"allowed": words.named(every, limit.allowed), "withheld": words.named(every, limit.withheld)}

    @property
    def obligations(self) -> list[dict[str, str]]:
        """What must be done with it."""
        return [
            {
                "code": each.code,
                "words": answer_words.OBLIGATIONS.get(each.code, each.code),
                "with": answer_words.parameters(each.parameters),
            }
            for each in self.decision.obligations
        ]

    @property
    def forms(self) -> list[dict[str, Any]]:
        """Each form on the table: does the answer rest on it, is it void, or is it of no use here."""
        void = {each.consent: each.defects for each in self.decision.consents_void}
        return [
            {
                "number": number,
                "name": words.FORMS[consent["form"]],
                "used": str(number) in self.decision.consents_used,
                "defects": [
                    {"key": key, "words": answer_words.defect(key)} for key in void.get(str(number), ())
                ],
            }
            for number, consent in enumerate(self.written["consents"])
        ]

    @property
    def expires(self) -> str:
        """Until when the answer holds, local time."""
        at: datetime | None = self.decision.expires_at
        return f"{at.astimezone(LOCAL_TIME):%Y-%m-%d, %H:%M %Z}" if at else ""

    @property
    def changes(self) -> list[Change]:
        """What would change it."""
        return [
            Change(
                number=number,
                segment=str(change["segment"]),
                additions=[addition_in_words(each) for each in change["add"]],
            )
            for number, change in enumerate(self.decision.would_change_it)
        ]

    @property
    def bars(self) -> list[RuleLine]:
        """Every bar that stands, whichever segment it stands over."""
        return _rules(self.decision.bars_standing)

    @property
    def internal(self) -> list[str]:
        """The internal explanation, line by line."""
        return self.decision.explanation_internal.splitlines()


def _status(aspect: str, value: Any) -> str:
    key = ("yes" if value else "no") if isinstance(value, bool) else value
    return words.STATUSES[aspect].get(key, key)


def _regime(finding: Finding) -> RegimeLine:
    parts = (
        ("Permits that hold", finding.permits),
        ("Bars that stand", finding.standing),
        ("Bars that were lifted", finding.lifted),
        ("Permits that a bar outweighs", () if finding.permits else finding.overruled),
        ("Permits that what was lifted does not reach", finding.overruled if finding.permits else ()),
        ("Unsettled, for counsel", finding.routed),
        ("Why it stays", tuple(each for each in finding.reasons if each not in finding.standing)),
    )
    return RegimeLine(
        name=words.REGIMES.get(finding.regime, finding.regime),
        permits=finding.is_permitted,
        parts=[(title, _rules(ids)) for title, ids in parts if ids],
        wanting=_rules(finding.wanting),
    )


def _rules(ids: Iterable[str]) -> list[RuleLine]:
    return [rule_line(id_) for id_ in ids]


def rule_line(id_: str) -> RuleLine:
    """The rule of that id, or the citation of an id that only steers."""
    try:
        asks = law.rule(id_).asks
    except KeyError:  # an id that only steers has a citation and asks nothing
        asks = ""
    return RuleLine(id=id_, cite=law.cite(id_), asks=asks)


def addition_in_words(addition: Mapping[str, Any]) -> str:
    """One thing that would have to be there, in words."""
    if "form" in addition:
        return f"a signed form: {words.FORMS[addition['form']]} ({addition['form']})"
    if "process" in addition:
        return f"legal process: {words.PROCESSES[addition['process']]}"
    if "recorded_no" in addition:
        key = addition["recorded_no"]
        return f"a recorded no: “{fact_words.LABELS[key]}” ({key})"
    key, value = addition["fact"], addition.get("value", "")
    choices = fact_words.CHOICES.get(key)
    text = choices[2].get(value, value) if choices else value
    return f"the fact: “{fact_words.LABELS[key]}”{f', namely {text}' if text else ''} ({key})"
