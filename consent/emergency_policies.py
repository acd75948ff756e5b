"""The database's own rules for emergency access, as SQL for a migration."""

from consent.keys.columns import KEEPER, open_to_renewal
from consent.policies import LOOKERS, append_only
from consent.rls import enable, policy, roles, system_policies

ACCESS, ATTEMPT, ALARM = "consent_emergencyaccess", "consent_emergencyattempt", "consent_emergencyalarm"
TASK = "system:emergency"
SEES_ALARMS = "(select sec.holds(array['privacy officer']))"
# What is written later, each group once: the instant that marks it, and what comes with it.
LATER = {
    "ended_at": ("ended_by_id",),
    "alarmed_at": (),
    "reviewed_at": ("reviewer_id", "verdict", "note"),
    "answered_at": ("answer",),
    "closed_at": ("closed_by_id", "closing_verdict", "closing_note"),
}
TEXTS = ["words", "told_name", "told_facility", "note", "answer", "closing_note"]  # under the client's key
LATER_COLUMNS = tuple(column for instant, more in LATER.items() for column in (instant, *more))

GUARD = """
-- An emergency access is only added; what is said of it later is said once.
create function sec.guard_emergency() returns trigger language plpgsql
set search_path = pg_catalog, sec as $$
declare before jsonb := to_jsonb(old); after jsonb := to_jsonb(new); changed text;
begin
  for changed in select k from jsonb_object_keys(before) k where before -> k is distinct from after -> k loop
    if changed in ('compartment_id', 'scope_key') then continue; end if;
    if {cases}
    then continue; end if;
    raise insufficient_privilege using message = 'an emergency access is append-only';
  end loop;
  return new;
end $$;
"""


def guard_function() -> str:
    """The trigger's function: no column changes but those written later, and these while their instant is null."""
    cases = "\n      or ".join(
        "(changed in ({columns}) and old.{instant} is null and new.{instant} is not null)".format(
            columns=", ".join(f"'{column}'" for column in (instant, *more)), instant=instant
        )
        for instant, more in LATER.items()
    )
    texts = ", ".join(f"'{column}'" for column in TEXTS)
    # under another key of the client every text is written once more
    return GUARD.format(cases=f"{cases}\n      or (changed in ({texts}) and sec.system() = '{KEEPER}')")


def statements() -> list[str]:
    """Rights, policies and triggers of the three tables, and the task's look into the ledger."""
    r = roles()
    users = ", ".join(r[role] for role in ("app", "gather", "walk", "system"))
    lookers = ", ".join(f"'{name}'" for name in ("system:grants", *LOOKERS))
    return [
        guard_function(),
        "revoke all on function sec.guard_emergency() from public",
        f"revoke insert, update, delete, truncate on {ACCESS} from {users}",
        f"grant insert, update ({', '.join(LATER_COLUMNS)}) on {ACCESS} to {r['system']}",
        (
            f"create trigger {ACCESS}_once before update on {ACCESS} "
            "for each row execute function sec.guard_emergency()"
        ),
        (
            f"create trigger {ACCESS}_stays before delete on {ACCESS} "
            "for each row execute function sec.refuse_change()"
        ),
        *open_to_renewal(ACCESS, TEXTS),
        *_attempts(users),
        *_alarms(users),
        # the task looks up whose compartment its rows are in
        f"alter policy system_select on consent_compartment using ((select sec.system()) in ({lookers}))",
        # a review shows what was read; the service asks for one person, one client and that hour
        policy(
            "consent_ledgerentry",
            "emergency_select",
            "system",
            "select",
            using=f"(select sec.system()) = '{TASK}'",
        ),
    ]


def _attempts(users: str) -> list[str]:
    """Added by the task and counted by it; a privacy officer sees the counts."""
    r = roles()
    return [
        *enable(ATTEMPT),
        f"revoke all on {ATTEMPT} from {users}",
        f"grant select on {ATTEMPT} to {r['gather']}, {r['walk']}, {r['system']}",
        f"grant insert on {ATTEMPT} to {r['system']}",
        *append_only(ATTEMPT, *(r[role] for role in ("app", "gather", "walk", "system"))),
        *system_policies(ATTEMPT, {TASK: "select insert"}),
        *(
            policy(ATTEMPT, f"{plan}_select", plan, "select", using=SEES_ALARMS)
            for plan in ("gather", "walk")
        ),
    ]


def _alarms(users: str) -> list[str]:
    """Raised by the task; a privacy officer sees them and says that they have."""
    r = roles()
    found = [
        *enable(ALARM),
        f"revoke all on {ALARM} from {users}",
        f"grant select on {ALARM} to {r['gather']}, {r['walk']}, {r['system']}",
        f"grant insert on {ALARM} to {r['system']}",
        f"grant update (acknowledged_by_id, acknowledged_at) on {ALARM} to {r['gather']}, {r['walk']}",
        *system_policies(ALARM, {TASK: "select insert"}),
    ]
    for plan in ("gather", "walk"):
        found += [
            policy(ALARM, f"{plan}_select", plan, "select", using=SEES_ALARMS),
            policy(ALARM, f"{plan}_update", plan, "update", using=SEES_ALARMS, check=SEES_ALARMS),
        ]
    return found
