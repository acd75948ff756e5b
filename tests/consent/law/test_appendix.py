"""Rule by rule: the law in code says of itself what Appendix A of the specification says of it."""

import re
from functools import cache

import pytest

from consent import law
from consent.engine.rules import Effect, Rule
from tests.shared_data import shared

RULES: tuple[Rule, ...] = tuple(rule for pack in law.packs() for rule in pack.rules)
PRECEDENCE_ASIDE = {"eng.role.dual", "eng.default.deny"}  # gates of the engine itself
# Rows that section 1 gives an effect and Appendix A no row (its "ids without a row here", and CR-13's interim).
ONLY_IN_SECTION_1 = {
    "p2.order.recipients.2.62", "conf.no-proceedings", "lead.goldenrule", "hipaa.tpo.treat.thirdparty-le",
}  # fmt: skip


@cache
def _appendix() -> str:
    return shared("law", "rules.md").read_text(encoding="utf-8").split("## Appendix A.")[1]


def _rows(heading: str, columns: int) -> list[list[str]]:
    part = _appendix().split(heading)[1].split("\n### ")[0]
    found = []
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]
        if line.startswith("| ") and len(cells) == columns and cells[0] != "id":
            found += [[id_.strip(), *cells[1:]] for id_ in cells[0].split("·")]
    return found


def test_every_permit_of_the_appendix_is_a_rule_with_its_obligations_and_precedence():
    rows = _rows("### A.2 Permits", 8)
    permits = {}
    for rule in RULES:
        if rule.effect is Effect.PERMIT:
            permits.setdefault(rule.id, []).append(rule)

    assert {row[0] for row in rows} | ONLY_IN_SECTION_1 >= set(permits)
    assert set(permits) >= {row[0] for row in rows}
    for id_, regime, _to, _of, _for, _facts, obliges, precedence in rows:
        for rule in permits[id_]:
            assert rule.precedence == int(precedence), id_
            assert rule.regimes == set(re.split(r",\s*", regime)), id_
        carried = {code for rule in permits[id_] for code in rule.obliges}
        assert carried == set(re.findall(r"OBL-[A-Z0-9-]+", obliges)), id_


def test_every_bar_of_the_appendix_is_a_rule_of_its_regime_and_precedence():
    rows = [row for row in _rows("### A.1 Bars", 6) if row[0] not in PRECEDENCE_ASIDE]
    bars = {rule.id: rule for rule in RULES if rule.effect is Effect.BAR}

    assert {row[0] for row in rows} | ONLY_IN_SECTION_1 >= set(bars)
    assert set(bars) >= {row[0] for row in rows}
    for id_, regime, _of, _when, _lifted, precedence in rows:
        assert bars[id_].precedence == int(precedence), id_
        family = {"p2.restrict.2.26": {"P2"}, "p2.restrict.selfpay.2.26a6": {"P2"}}.get(id_)
        named = family or set(re.split(r",\s*| · ", regime))
        assert bars[id_].regimes <= named, id_


def test_what_is_off_or_routed_is_routed():
    routed = _appendix().split("routed to the privacy officer when asked for:")[1].split("\n")[0]
    listed = {id_.strip(" .") for id_ in routed.split(",")}

    assert {rule.id for rule in RULES if rule.effect is Effect.ROUTE} >= listed


def test_every_id_of_the_specification_can_be_cited():
    text = shared("law", "rules.md").read_text(encoding="utf-8").split("## 2. Segments")[0]
    ids = set(
        re.findall(r"^\| ((?:cfg|eng|hipaa|p2|pa|vs|hmis|cj|conf|lead)\.[\w.-]+) \|", text, re.MULTILINE)
    )
    known = {rule.id for rule in RULES} | {id_ for pack in law.packs() for id_ in pack.gates}

    assert len(ids) > 170
    assert ids - known == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.effect}")
def test_a_rule_cites_its_law_and_asks_its_question(rule):
    assert rule.cite
    assert len(rule.asks) > 20
    assert rule.holds.__name__ != "<lambda>"


def test_the_notice_is_the_law_word_for_word():
    import json

    from consent.law.part2 import NOTICE_2_32

    texts = json.loads(shared("data", "regulations", "key-text.json").read_text(encoding="utf-8"))[
        "42_CFR_part_2"
    ]
    published = {each["cite"]: each["text"] for each in texts}

    assert NOTICE_2_32[1] == published["42 CFR 2.32(a)(1)"]
    assert NOTICE_2_32[2] == published["42 CFR 2.32(a)(2)"]


def test_a_pack_can_be_left_out_and_an_unknown_one_cannot_be_named():
    federal = law.packs(("us-federal",))

    assert [pack.name for pack in federal] == ["us-federal"]
    assert law.rule("p2.emergency.2.51").cite == "42 CFR 2.51(a)(1)"
    with pytest.raises(KeyError):
        law.packs(("us-atlantis",))
