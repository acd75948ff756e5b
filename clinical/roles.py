"""The roles as this side's pages name them, and who may come to which desk."""

from consent.roles import EXPORTS_CLIENTS

CARE_TEAM = ("social worker", "peer", "case manager")
SUPERVISORS = ("clinical supervisor",)
IN_CARE = (*CARE_TEAM, *SUPERVISORS)
EXPORTERS = tuple(sorted(EXPORTS_CLIENTS))
LEDGER_READERS = ("compliance officer", "privacy officer")
POSTBOX_OWNERS = ("privacy officer",)
PROGRAM_READERS = ("compliance officer", "privacy officer", "program manager", "clinical supervisor")
REFERRERS = ("referrer",)
# Who works the matching desk, where their offices open it: they answer for records already.
MATCHERS = ("clinical supervisor", "privacy officer")
# Who answers for what may be told, and supplies the facts that a rule wants.
PRIVACY_DESK = ("privacy officer",)
BENCH = ("privacy officer", "clinical supervisor", "program manager")
# Who reviews emergency accesses, where their offices open who it was; and who watches how many there are.
EMERGENCY_REVIEWERS = ("clinical supervisor", "program manager", "privacy officer")
RATE_READERS = ("privacy officer",)
# Who may take a complaint down, and the desk whose offices open them: never a program's care team as such.
COMPLAINT_TAKERS = (*CARE_TEAM, "clinical supervisor", "program manager")
COMPLAINT_DESK = ("clinical supervisor", "program manager", "privacy officer")
# Who answers when somebody out alone calls for help or is silent; colleagues of the program see it as well.
ANSWER_FOR_SAFETY = ("clinical supervisor", "program manager")
