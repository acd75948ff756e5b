"""The answer: pure and total. Facts in, decision out; no clock, database, settings or log.

The order is that of `law/rules.md` 4.1. For each segment and each regime that protects it
every permit is matched on its own facts, bars ignored; bars are lifted by those matches, by
forms or by facts; then those permits count over which no bar stands. A segment goes out only
if every one of its regimes permits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from consent.engine import changes, explain, obligations
from consent.engine.elements import Kept, Limits
from consent.engine.facts import (
    Asked,
    BasisLine,
    Decision,
    Finding,
    Obligation,
    Outcome,
    Redaction,
    Route,
    VoidConsent,
)
from consent.engine.matter import Matter, Table
from consent.engine.reasons import gates_passed, order_of_bars, reason_of_void_form
from consent.engine.rules import EVERY, Library, Match, Pack, Rule, library
from consent.engine.validity import faults_of
from consent.engine.vocabulary import INTERNAL, MODIFIERS

FAILED_CLOSED = "eng.failclosed"
DEFAULT_DENY = "eng.default.deny"
BREAK_GLASS = "eng.btg"
ROLE_DUAL = "eng.role.dual"
MOST_WORK = 60_000  # rules looked at for one question; more than that is refused, never skipped
# Regimes that others look back at come first; the rest follow by name.
_FIRST = {"HIPAA": 0, "P2": 1}


class TooMuchWork(Exception):
    """The question would take more work than one question may."""


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One segment under one regime, with the permits that count."""

    finding: Finding
    kept: tuple[Match, ...]
    lifted: tuple[Rule, ...]
    standing: tuple[Rule, ...]


def decide(asked: Asked, packs: Sequence[Pack]) -> Decision:
    """Answer ``asked``, segment by segment, under every regime that protects it.

    A segment goes out only if each of its regimes has a permit and no standing bar; one
    that no regime protects is withheld. Order and repeats change nothing, and the only
    clock is ``asked.at``. Whatever goes wrong on the way, nothing goes out.
    """
    try:
        books = library(tuple(packs))
        faults = faults_of(asked)
        if faults:
            return refuse(asked, FAILED_CLOSED, "; ".join(faults), books)
        if asked.break_glass is not None and not _may_break_glass(asked):
            return refuse(asked, BREAK_GLASS, "the emergency opening isn't open, or not for this", books)
        return _answer(asked, books)
    except Exception as error:  # an unknown fault must withhold as surely as a known one
        return refuse(asked, FAILED_CLOSED, f"{type(error).__name__} while deciding", None)


def recipient_of(asked: Asked) -> str:
    """The type of the recipient; an officer who is called staff is a recipient (42 CFR 2.12(c)(3))."""
    if asked.actor_is_police and asked.recipient.type in INTERNAL:
        return "le_co_response_partner" if asked.actor.role == "cr_officer" else "law_enforcement"
    return asked.recipient.type


def _may_break_glass(asked: Asked) -> bool:
    """Open, for this actor and subject, and never by police for counselling notes."""
    opened = asked.break_glass
    if opened is None or not opened.is_open(asked):
        return False
    return not (asked.actor_is_police and asked.segments & {"SUDP2N", "PSYNOTE"})


def refuse(asked: Asked, reason: str, failure: str, books: Library | None) -> Decision:
    """Withhold everything, for a reason that isn't the law's."""
    try:
        segments = sorted(str(segment) for segment in asked.segments)
        carried = obligations.of_refusal(asked)
    except Exception:  # the question may be no question at all
        segments, carried = [], (Obligation(code="OBL-NEUTRAL-DENY"),)
    bare = Decision(
        outcome=Outcome.DENY,
        permitted=(),
        redacted=tuple(Redaction(segment=segment, reason=reason) for segment in segments),
        obligations=carried,
        route=Route.NONE,
        reasons=(reason,),
        failure=failure,
        law_as_of=books.law_as_of if books else "",
        ruleset_version=books.version if books else "",
    )
    return replace(bare, _texts=_texts(asked, bare, books))


def _texts(asked: Asked, bare: Decision, books: Library | None) -> Mapping[str, Callable[[], Any]]:
    return {
        "internal": partial(explain.internal, asked, bare, books),
        "outward": partial(explain.outward, asked, bare),
        "subject": partial(explain.to_the_subject, asked, bare),
        "changes": partial(changes.that_would_release, asked, bare, books),
        "hash": partial(explain.hash_of, asked),
    }


def examine(matter: Matter, books: Library) -> Examined:
    """What one regime says of one segment."""
    chosen = books.choose(matter.regime, matter.labels, matter.recipient, matter.purpose)
    failed: list[str] = []
    matches, wanting = _matched(chosen.permits, matter, failed)
    standing: list[Rule] = []
    lifted: list[Rule] = []
    kept = frozenset(matches)
    for rule in chosen.bars:
        lifting = _lifting(rule, matter, matches, failed)
        if lifting is None:
            continue
        if not lifting:
            standing.append(rule)
            continue
        lifted.append(rule)
        if not lifting >= EVERY:
            kept = kept & lifting or kept
    routed = tuple(rule.id for rule in chosen.routes if _holds(rule, matter, failed))
    if standing or failed:
        kept = frozenset()
    standing.sort(key=order_of_bars)
    finding = Finding(
        segment=matter.segment,
        regime=matter.regime,
        permits=tuple(sorted(kept)),
        overruled=tuple(sorted(set(matches) - kept)),
        standing=tuple(rule.id for rule in standing),
        lifted=tuple(sorted(rule.id for rule in lifted)),
        wanting=tuple(sorted(wanting)),
        routed=routed,
        reasons=() if kept else _reasons(matter, standing, failed),
    )
    found = tuple(matches[id_] for id_ in sorted(kept))
    return Examined(finding=finding, kept=found, lifted=tuple(lifted), standing=tuple(standing))


def _holds(rule: Rule, matter: Matter, failed: list[str]) -> bool:
    """Does it hold? One that raises withholds, and says so: skipping it might skip a prohibition."""
    try:
        return bool(rule.holds(matter))
    except Exception:
        failed.append(rule.id)
        return False


def _matched(permits: Sequence[Rule], matter: Matter, failed: list[str]) -> tuple[dict[str, Match], set[str]]:
    """The permits whose own facts are shown, by id, and those found wanting."""
    matches: dict[str, Match] = {}
    wanting: set[str] = set()
    for rule in permits:
        try:
            consents = rule.by(matter) if rule.by is not None else ()
            holds = (rule.by is None or bool(consents)) and rule.holds(matter)
        except Exception:  # see _holds
            failed.append(rule.id)
            continue
        if not holds:
            wanting.add(rule.id)
            continue
        before = matches.get(rule.id)
        if before is not None and before.rule is not rule:  # two rules of one id: both oblige
            obliges = tuple(sorted({*before.obliges, *rule.obliges}))
            matches[rule.id] = replace(before, obliges=obliges, consents=(*before.consents, *consents))
        else:
            matches[rule.id] = Match(rule=rule, consents=consents, obliges=rule.obliges)
    return matches, wanting - set(matches)


def _lifting(
    rule: Rule, matter: Matter, matches: Mapping[str, Match], failed: list[str]
) -> frozenset[str] | None:
    """The matches that lift the bar; none if it stands, ``None`` if it doesn't apply."""
    if not _holds(rule, matter, failed):
        return None
    try:
        return frozenset().union(*(lift(matter, matches) for lift in rule.lifted_by))
    except Exception:  # see _holds
        failed.append(rule.id)
        return frozenset()


def _reasons(matter: Matter, standing: Sequence[Rule], failed: Sequence[str]) -> tuple[str, ...]:
    """Why it stays, the first reason first: a fault, a form that is void, the bars, no permit at all."""
    found = [FAILED_CLOSED] if failed else []
    found += reason_of_void_form(matter)
    found += [rule.id for rule in standing]
    return tuple(dict.fromkeys(found)) or (DEFAULT_DENY,)


def _examine_segment(
    segment: str, asked: Asked, recipient: str, table: Table, books: Library, work: list[int]
) -> list[Examined]:
    """Every regime that protects the segment; a later one may look back at an earlier one's matches."""
    readings = books.readings(segment, asked, recipient)
    matched: dict[str, frozenset[str]] = {}
    allowed: dict[str, frozenset[str]] = {}
    found = []
    for regime in sorted(readings, key=lambda name: (_FIRST.get(name, 2), name)):
        matter = Matter(
            asked=asked, segment=segment, regime=regime, labels=readings[regime], recipient=recipient,
            table=table, matched=matched, allowed=allowed,
        )  # fmt: skip
        work[0] += len(books.choose(regime, matter.labels, recipient, asked.purpose))
        if work[0] > MOST_WORK:
            raise TooMuchWork
        examined = examine(matter, books)
        found.append(examined)
        finding = examined.finding
        matched[regime] = frozenset(finding.permits) | frozenset(finding.overruled)
        allowed[regime] = frozenset(finding.permits)
    return found


def _answer(asked: Asked, books: Library) -> Decision:
    asked = _in_one_order(asked)
    recipient, table, work = recipient_of(asked), Table(asked), [0]
    examined = {
        segment: _examine_segment(segment, asked, recipient, table, books, work)
        for segment in sorted(asked.within_delegations - MODIFIERS)
    }
    released: dict[str, Kept] = {
        segment: {each.finding.regime: each.kept for each in found}
        for segment, found in examined.items()
        if found and all(each.kept for each in found)
    }
    limits = Limits(asked, released)
    for segment in limits.emptied:
        released.pop(segment, None)
    redacted = tuple(
        _redaction(segment, examined.get(segment, ()), limits.emptied)
        for segment in sorted(asked.segments - MODIFIERS)
        if segment not in released
    )
    findings = tuple(each.finding for found in examined.values() for each in found)
    used = _consents_used(released)
    bare = Decision(
        outcome=_outcome(released, redacted, limits),
        permitted=tuple(released),
        redacted=redacted,
        elements=limits.elements if released else None,
        basis=_basis(released),
        bars_standing=tuple(sorted({id_ for each in findings for id_ in each.standing} | limits.bars)),
        obligations=obligations.of(asked, recipient, released, examined, limits),
        consents_used=tuple(sorted(used)),
        consents_void=tuple(
            VoidConsent(consent=each.id, defects=table.defects[place])
            for place, each in enumerate(asked.consents)
            if table.defects[place]
        ),
        expires_at=obligations.expiry_of(asked, recipient, released),
        route=_route(asked, examined, released),
        findings=findings,
        reasons=_all_reasons(asked, recipient, findings, limits),
        law_as_of=books.law_as_of,
        ruleset_version=books.version,
    )
    return replace(bare, _texts=_texts(asked, bare, books))


def _in_one_order(asked: Asked) -> Asked:
    """The same question with its forms in one order and each once."""
    if len(asked.consents) < 2:
        return asked
    by_id = {each.id: each for each in asked.consents}
    return replace(asked, consents=tuple(by_id[id_] for id_ in sorted(by_id)))


def _redaction(segment: str, found: Sequence[Examined], emptied: Mapping[str, str]) -> Redaction:
    """The one reason that is told of a segment: the first of the first regime that withholds it."""
    if segment in emptied:
        return Redaction(segment=segment, reason=emptied[segment], regime=found[0].finding.regime)
    if not found:  # beyond what was delegated
        return Redaction(segment=segment, reason=DEFAULT_DENY)
    withheld = [each for each in found if not each.kept]
    first = min(withheld, key=lambda each: (each.finding.reasons[0] == DEFAULT_DENY, _rank(each)))
    return Redaction(segment=segment, reason=first.finding.reasons[0], regime=first.finding.regime)


def _rank(examined: Examined) -> tuple[int, str]:
    bars = [order_of_bars(rule) for rule in examined.standing]
    return (min(bars)[0] if bars else 99, examined.finding.regime)


def _outcome(released: Mapping[str, Kept], redacted: Sequence[Redaction], limits: Limits) -> Outcome:
    if not released:
        return Outcome.DENY
    return Outcome.REDACT if redacted or limits.withholds else Outcome.PERMIT


def _basis(released: Mapping[str, Kept]) -> tuple[BasisLine, ...]:
    lines = {
        BasisLine(rule=match.rule.id, cite=match.rule.cite, regime=regime, segment=segment)
        for segment, kept in released.items()
        for regime, matches in kept.items()
        for match in matches
    }
    return tuple(sorted(lines))


def _consents_used(released: Mapping[str, Kept]) -> set[str]:
    return {
        consent.id
        for kept in released.values()
        for matches in kept.values()
        for match in matches
        for consent in match.consents
    }


def _route(asked: Asked, examined: Mapping[str, Sequence[Examined]], released: Mapping[str, Kept]) -> Route:
    """Unsettled paths go to the privacy officer, unanswered legal process to counsel."""
    withheld = [found for segment, found in examined.items() if segment not in released]
    if any(each.finding.routed for found in withheld for each in found if not each.kept):
        return Route.PRIVACY_OFFICER
    return Route.COUNSEL if withheld and asked.process != "none" else Route.NONE


def _all_reasons(
    asked: Asked, recipient: str, findings: Sequence[Finding], limits: Limits
) -> tuple[str, ...]:
    """Every rule that had a say in what stays: reasons, permits found wanting, routes, gates."""
    found = set(limits.bars) | set(limits.emptied.values()) | set(explain.stripped_reasons(limits.stripped))
    withheld = [each for each in findings if not each.is_permitted]
    for each in withheld:
        found |= {*each.reasons, *each.wanting, *each.routed}
        if not each.overruled:
            found.add(DEFAULT_DENY)
    found |= set(gates_passed(asked, withheld))
    if recipient != asked.recipient.type:
        found.add(ROLE_DUAL)
    return tuple(sorted(found))
