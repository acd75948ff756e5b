"""ICD-10-CM and ICD-9-CM: families written from the chapters' own headings.

Source: ICD-10-CM Tabular List, FY 2026 (CMS and NCHS, public domain); ICD-9-CM, Volume 1.
"""

from collections.abc import Mapping

from consent.labels.kinds import Families, Kind, bare

FAMILIES: Mapping[Kind, Families] = {
    # F17, Z72.0 and Z87.891 are tobacco: 42 CFR 2.11. T50.9 is how an overdose of nobody knows what is coded.
    Kind.SUBSTANCE: Families(
        "F10-F16 F18-F19 E24.4 G31.2 G62.1 G72.1 I42.6 K29.2 K70 K85.2 K86.0 O35.4 O35.5 O99.31 O99.32 "
        "P04.3 P04.4 P04.9 P96.1 Q86.0 R78.0-R78.5 T40 T43.6 T50.7 T50.9 T51 Y90 Z02.83 Z71.4 Z71.5 Z79.891 "
        "Z63.72 Z81.1 Z81.3 Z81.4 Z04.2"
    ),
    # Chapter 5 but for substances; symptoms that involve emotional state and behaviour; sleep disorders that
    # DSM-5 lists among the mental ones; poisoning by what psychiatry prescribes.
    Kind.MENTAL: Families(
        "F01-F09 F20-F99 G47.0-G47.2 G47.5 G47.8-G47.9 O90.6 O99.34 R40.1 R41.0 R41.4-R41.8 R44-R46 "
        "T42.4 T43.0-T43.5 T43.8-T43.9 Z04.6 Z13.3 Z69 Z73.0-Z73.3 Z81.0 Z81.8 Z86.5 Z91.4 Z91.5"
    ),
    Kind.RISK: Families("R45.85 R45.88 T14.91 X71-X83 Z91.5"),
    Kind.COMMITMENT: Families("Z04.6"),
    # C46 and B59 hardly occur without it: what implies HIV is HIV (`law/rules.md` section 2).
    Kind.HIV: Families("B20 B59 B97.35 C46 E88.14 O98.7 R75 Z11.4 Z20.6 Z21 Z29.81 Z71.7"),
    Kind.STI: Families("A50-A64 B97.7 O98.1-O98.3 R85.81 R87.81 Z11.3 Z11.51 Z20.2 Z22.4"),
    Kind.REPRODUCTIVE: Families(
        "E28 E34.5 F52 F64-F66 N46 N52-N53 N94.1 N97 O00-O9A Q56 R37 T38.4 Z30-Z34 Z36-Z37 Z39 Z3A Z64.0 "
        "Z70 Z72.5 Z79.3 Z87.41 Z87.59 Z87.890 Z97.5 Z98.51 Z98.52"
    ),
    Kind.GENETIC: Families("Q90-Q99 Z13.7 Z14 Z15 Z31.43 Z31.44 Z31.5 Z84.81"),
    Kind.VICTIM: Families(
        "O9A.3-O9A.5 T74 T76 X92-Y09 Z04.4 Z04.7 Z04.81 Z62.81 Z65.4 Z69.0-Z69.1 Z69.81 Z91.41 Z91.42"
    ),
    Kind.SOCIAL: Families("Z55-Z65"),
}
# A disorder that a substance brought about is both: F1x.14 mood, .15 psychosis, .16 amnesia, .17 dementia,
# .18 anxiety and the like, and the same of dependence (.2x) and of use (.9x).
_INDUCED = "45678"
_WITH_DELIRIUM = "1"  # F1x.121, .221, .231, .921, .931

NINE: Mapping[Kind, Families] = {
    Kind.SUBSTANCE: Families(
        "291-292 303-304 305.0 305.2-305.9 357.5 425.5 535.3 571.0-571.3 648.3 655.4-655.5 760.71-760.73 760.75 "
        "779.5 790.3 965.0 967 969.6-969.7 970.1 980 E850.0-E850.2 E854.1-E854.2 E860 E935.0-E935.2 V11.3 V65.42 V79.1"
    ),
    Kind.MENTAL: Families(
        "290 293-302 306-319 327.0 347 648.4 780.1 780.5 799.2 969.0-969.5 V11 V15.4 V40 V61 V79.0"
    ),
    Kind.RISK: Families("E950-E959 V62.84 V62.85"),
    Kind.HIV: Families("042 079.53 136.3 176 795.71 V01.79 V08 V65.44"),
    Kind.STI: Families("054.1 078.1 090-099 131 V01.6 V74.5"),
    Kind.REPRODUCTIVE: Families(
        "256.4 259.0-259.1 302.7 302.85 606-608 625.0-625.8 628 630-679 752.7 V22-V28 V45.5"
    ),
    Kind.GENETIC: Families("758 V26.3 V83-V84"),
    Kind.VICTIM: Families("995.5 995.8 E960-E969 V15.41-V15.42 V61.11-V61.12 V61.21 V62.83 V71.5 V71.81"),
}


def kinds_of_icd10cm(code: str) -> frozenset[Kind]:
    """What an ICD-10-CM code speaks of; nothing special is general health."""
    plain = bare(code)
    found = {kind for kind, families in FAMILIES.items() if families.hold(plain)}
    if "F10" <= plain[:3] <= "F19" and plain[:3] != "F17" and _is_induced(plain):
        found.add(Kind.MENTAL)
    if _is_self_harm(plain):
        found |= {Kind.RISK, Kind.MENTAL}
    if Kind.COMMITMENT in found or Kind.RISK in found:
        found.add(Kind.MENTAL)
    return frozenset(found)


def kinds_of_icd9cm(code: str) -> frozenset[Kind]:
    """What an old code speaks of: records of before October 2015 hold them."""
    return frozenset(kind for kind, families in NINE.items() if families.hold(code))


def _is_induced(plain: str) -> bool:
    """``F10.14``, ``F11.250``: the fifth character names the disorder that was brought about."""
    return len(plain) >= 5 and (plain[4] in _INDUCED or (plain[4] in "23" and plain[5:6] == _WITH_DELIRIUM))


def _is_self_harm(plain: str) -> bool:
    """Poisoning with intent 2: ``T40.5X2A`` (sixth character), ``T51.92XA`` (fifth, where the fourth is a 9)."""
    if not "T36" <= plain[:3] <= "T65":
        return False
    if plain[5:6].isdigit():
        return plain[5] == "2"
    return plain[3:5] == "92" and plain[:3] >= "T51"
