"""The kinds of form of the law (`law/rules.md` section 3), each as data: what it asks and what it may name."""

from typing import Final

from clinical.consents import choices as ch
from clinical.consents import statements as st
from clinical.consents.kinds import Information, Kind, Purpose, Question, Recipients
from clinical.consents.said import Said

KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            code="HIPAA-AUTH",
            name=Said(
                "Permission to share health information (HIPAA authorization)",
                "Permiso para compartir información de salud (autorización HIPAA)",
            ),
            about=Said("Care, housing or benefits", "Atención, vivienda o beneficios"),
            families=("hipaa",),
            organizations=ch.CARE_PARTNERS,
            statements=(st.CONDITION, st.REVOKE, st.REDISCLOSE),
            classes={ch.TREATING: ch.TREATING_PROVIDERS},
            others={**ch.FAMILY, **ch.SERVICES, **ch.LAWYERS},
            purposes=ch.PLAIN_PURPOSES | {"lawyer": ch.MY_LAWYER},
        ),
        Kind(
            code="P2-SPEC",
            name=Said(
                "Permission to share substance use records (42 CFR Part 2)",
                "Permiso para compartir registros sobre uso de sustancias (42 CFR Parte 2)",
            ),
            about=Said("To somebody named, for a purpose named", "A alguien nombrado, para un fin nombrado"),
            families=("hipaa", "part2", "tpo"),
            organizations=ch.CARE_PARTNERS,
            statements=(
                st.CONDITION, st.REVOKE, st.NOTHING_AGAINST_ME, st.COVERED, st.PART2_REDISCLOSE, st.REDISCLOSE,
            ),
            classes={ch.TREATING: ch.TREATING_PROVIDERS},
            others={**ch.FAMILY, **ch.SERVICES, **ch.LAWYERS},
            names_units=True,
            purposes=ch.PLAIN_PURPOSES | {"lawyer": ch.MY_LAWYER},
        ),
        Kind(
            code="P2-TPO",
            name=Said(
                "Permission to share substance use records for care and payment (42 CFR Part 2)",
                "Permiso para compartir registros sobre uso de sustancias para atención y pago (42 CFR Parte 2)",
            ),
            about=Said("One yes for all my treatment and payment", "Un sí para todo mi tratamiento y su pago"),
            families=("hipaa", "part2", "tpo"),
            statements=(
                st.CONDITION, st.REVOKE, st.NOTHING_AGAINST_ME, st.NEVER_TO_JUSTICE, st.COVERED,
                st.PART2_REDISCLOSE, st.REDISCLOSE,
            ),
            organizations=frozenset(),
            classes={"all": ch.EVERYBODY_IN_CARE},
            purposes={"tpo": ch.TPO},
            lasts=(90, 180, 365, 0),
            usual=365,
        ),
        Kind(
            code="P2-NOTES",
            name=Said(
                "Permission to share counseling notes (42 CFR Part 2)",
                "Permiso para compartir notas de consejería (42 CFR Parte 2)",
            ),
            about=Said("Substance use counseling notes alone", "Solo notas de consejería sobre sustancias"),
            families=("hipaa", "part2", "notes"),
            organizations=ch.CARE_PARTNERS,
            statements=(
                st.NOTES_APART, st.NOTES_FREE, st.REVOKE, st.NOTHING_AGAINST_ME, st.PART2_REDISCLOSE, st.REDISCLOSE,
            ),
            names_units=True,
            information={"notes": ch.NOTES_OF_COUNSELING},
            purposes={"care": ch.CARE},
            questions={"about": ch.WHICH_NOTES},
        ),
        Kind(
            code="HIPAA-PSY",
            name=Said(
                "Permission to share psychotherapy notes", "Permiso para compartir notas de psicoterapia"
            ),
            about=Said("Notes of a therapist, kept apart", "Notas de un terapeuta, guardadas aparte"),
            families=("hipaa",),
            organizations=ch.CARE_PARTNERS,
            statements=(st.NOTES_APART, st.NOTES_FREE, st.REVOKE, st.REDISCLOSE),
            information={"notes": ch.NOTES_OF_THERAPY},
            purposes={"care": ch.CARE},
            questions={"about": ch.WHICH_NOTES},
        ),
        Kind(
            code="P2-PROC",
            name=Said(
                "Permission to share substance use records in a proceeding (42 CFR Part 2)",
                "Permiso para usar registros sobre sustancias en un proceso legal (42 CFR Parte 2)",
            ),
            about=Said("For a court case, and only if they ask for it", "Para un caso, y solo si la persona lo pide"),
            families=("hipaa", "part2", "proceeding"),
            statements=(
                st.PROCEEDING_ONLY, st.PROCEEDING_LAWYER, st.CONDITION, st.REVOKE_PROCEEDING, st.PART2_REDISCLOSE,
                st.REDISCLOSE,
            ),
            organizations=frozenset(),
            others={**ch.LAWYERS, "court": ch.COURTS["court"]},
            one_recipient=True,
            names_units=True,
            information={
                **ch.ATTENDANCE,
                "record": Information(
                    words=Said("My record with this program", "Mi expediente con este programa"),
                    detail=Said("what this program wrote about my care", "lo que este programa escribió sobre mi atención"),
                    segments=(),
                ),
            },
            purposes={
                "proceeding": Purpose(
                    words=Said("For the proceeding named here", "Para el proceso nombrado aquí"),
                    detail=Said("use in the proceeding named here", "uso en el proceso nombrado aquí"),
                    codes=("X-PROCEEDING",),
                )
            },
            questions={
                "court": Question(
                    words=Said("Which court or agency?", "¿Qué juzgado o agencia?"), step=3
                ),
                "docket": Question(
                    words=Said("Docket number or investigation", "Número de caso o investigación"), step=3
                ),
                "role": Question(
                    words=Said("What am I in it?", "¿Qué soy en el caso?"), step=3, kind="choice",
                    choices={
                        "defendant": Said("The accused", "La persona acusada"),
                        "party": Said("A party", "Una de las partes"),
                        "witness": Said("A witness", "Testigo"),
                    },
                ),
                "testimony": Question(
                    words=Said("May staff testify?", "¿Puede declarar el personal?"), step=3, kind="choice",
                    choices={
                        "no": Said("No, papers only", "No, solo papeles"),
                        "yes": Said("Yes, testimony as well", "Sí, también declarar"),
                    },
                ),
                "counsel": Question(
                    words=Said("My defense lawyer's name", "Nombre de mi abogado defensor"), step=3,
                    hint=Said("Write “none” if there is none", "Escriba “ninguno” si no hay"),
                ),
                "advice": Question(
                    words=Said(
                        "I was offered a lawyer's advice first, and nobody here asked me for this form.",
                        "Me ofrecieron primero asesoría de un abogado, y nadie aquí me pidió este permiso.",
                    ),
                    step=3, kind="tick",
                ),
            },
        ),
        Kind(
            code="P2-CJ35",
            name=Said(
                "Permission to report to the court or monitor (42 CFR 2.35)",
                "Permiso para informar al juzgado o supervisor (42 CFR 2.35)",
            ),
            about=Said("Only where taking part is a condition", "Solo si participar es una condición"),
            families=("hipaa", "part2", "monitor"),
            statements=(
                st.MONITOR_WHAT, st.MONITOR_USE, st.MONITOR_REVOKE, st.MONITOR_HIPAA, st.CONDITION_MONITOR,
                st.REDISCLOSE,
            ),
            organizations=frozenset({ch.Org.PROSECUTOR}),
            others=ch.COURTS,
            names_units=True,
            information=ch.ATTENDANCE,
            purposes={
                "monitor": Purpose(
                    words=Said("So they see that I keep the condition", "Para que vean que cumplo la condición"),
                    detail=Said("monitoring of the condition named here", "vigilar la condición nombrada aquí"),
                    codes=("X-CJ-MONITOR",),
                )
            },
            lasts=(30, 90, 180),
            questions={
                "condition": Question(
                    words=Said("What makes it a condition?", "¿Qué lo hace una condición?"), step=3,
                    hint=Said(
                        "Docket, order or signed diversion agreement, and who made it",
                        "Caso, orden o acuerdo firmado, y quién lo hizo",
                    ),
                ),
                "monitors": Question(
                    words=Said(
                        "Each of them has a duty to watch that I keep it. None is the officer who arrested me, a "
                        "detective, an analyst or the victim's lawyer.",
                        "Cada uno tiene el deber de vigilar que yo la cumpla. Ninguno es el policía que me arrestó, un "
                        "detective, un analista ni el abogado de la víctima.",
                    ),
                    step=3, kind="tick",
                ),
                "revocable": Question(
                    words=Said("From when can I take it back?", "¿Desde cuándo puedo retirarlo?"), step=3,
                    kind="choice",
                    choices={
                        "final_disposition": Said("When the case ends", "Cuando termine el caso"),
                        "the_end": Said("On the day this form ends", "El día en que termina este permiso"),
                    },
                ),
            },
            to_be_shown={
                "cj_condition": Said("the condition still stands", "la condición sigue en pie"),
                "recipient_monitoring_duty": Said(
                    "they have the duty to monitor it", "tienen el deber de vigilarla"
                ),
            },
        ),
        Kind(
            code="VS-REL",
            name=Said(
                "Permission to share victim services information",
                "Permiso para compartir información de servicios a víctimas",
            ),
            about=Said("One agency, exact items, a short time", "Una agencia, cosas exactas, poco tiempo"),
            families=("hipaa", "victims"),
            organizations=ch.CARE_PARTNERS,
            statements=(st.VICTIM_FREE, st.VICTIM_REVOKE, st.REDISCLOSE),
            others={
                "victim_service_provider": Said("A victim service agency", "Una agencia de servicios a víctimas"),
                **ch.SERVICES, "attorney_civil": Said("A lawyer", "Un abogado"),
            },
            one_recipient=True,
            purposes=ch.VICTIM_PURPOSES,
            lasts=(7, 15, 30),
            usual=15,
            questions={
                "why_words": Question(
                    words=Said("In your own words, what is it for?", "En sus propias palabras, ¿para qué es?"),
                    step=3, required=False,
                ),
                "how": Question(
                    words=Said("How may we pass it on?", "¿Cómo podemos pasarlo?"), step=3, kind="choice",
                    choices=ch.CHANNELS, required=False,
                ),
                "limits": Question(
                    words=Said("What would not be safe?", "¿Qué no sería seguro?"), step=3, required=False,
                    hint=Said("Never e-mail, text or voice message", "Nunca correo, texto ni mensaje de voz"),
                ),
            },
        ),
        Kind(
            code="PA-MH",
            name=Said(
                "Permission to share mental health facility records (55 Pa. Code 5100.34)",
                "Permiso para compartir registros de un centro de salud mental (55 Pa. Code 5100.34)",
            ),
            about=Said("The State's form for mental health records", "El formulario estatal de salud mental"),
            families=("hipaa", "minds"),
            organizations=ch.CARE_PARTNERS,
            statements=(st.UNDERSTOOD, st.CONDITION, st.REVOKE, st.REDISCLOSE),
            classes={ch.TREATING: ch.TREATING_PROVIDERS},
            others=ch.FAMILY,
            information=ch.MIND_ITEMS,
            purposes={"care": ch.CARE, "housing": ch.HOUSING},
        ),
        Kind(
            code="PA-HIV",
            name=Said(
                "Permission to share HIV-related information (Act 148)",
                "Permiso para compartir información relacionada con el VIH (Ley 148)",
            ),
            about=Said("HIV-related information, named as such", "Información de VIH, nombrada como tal"),
            families=("hipaa", "hiv"),
            organizations=ch.CARE_PARTNERS,
            statements=(st.HIV_NAMED, st.CONDITION, st.REVOKE, st.REDISCLOSE),
            classes={ch.TREATING: ch.TREATING_PROVIDERS},
            others=ch.FAMILY,
            information=ch.HIV_ITEMS,
            purposes={"care": ch.CARE},
        ),
        Kind(
            code="MULTI-CONF",
            name=Said("Permission for a case conference", "Permiso para una reunión de caso"),
            about=Said("A line for each member; any line can be refused", "Una línea por miembro; se puede negar cualquiera"),
            families=("hipaa", "part2", "tpo", "conference"),
            statements=(
                st.LINES, st.CONFERENCE_NEVER, st.NOTHING_AGAINST_ME, st.CONDITION, st.REVOKE_LINES, st.COVERED,
                st.PART2_REDISCLOSE, st.REDISCLOSE,
            ),
            organizations=ch.CARE_PARTNERS | ch.JUSTICE,
            others={**ch.LAWYERS, "probation_parole": ch.COURTS["probation_parole"]},
            by_line=True,
            names_units=True,
            purposes=ch.CONFERENCE_PURPOSES,
            lasts=(30, 90, 180),
            questions={
                "conference": Question(words=Said("Which conference?", "¿Qué reunión?"), step=1),
                "list_of": Question(
                    words=Said("Members' list of", "Lista de miembros del día"), step=1, kind="day"
                ),
                "exclusions": Question(
                    words=Said("What must not be told there?", "¿Qué no se debe contar ahí?"), step=2, required=False
                ),
                "two_way": Question(
                    words=Said("They may answer back.", "Pueden responder."), step=3, kind="tick", required=False
                ),
            },
        ),
        Kind(
            code="ORAL-510B",
            name=Said(
                "Spoken yes for family or friends (45 CFR 164.510(b))",
                "Sí hablado para familia o amistades (45 CFR 164.510(b))",
            ),
            about=Said("Said aloud and written down; opens nothing by itself", "Dicho en voz alta; no abre nada por sí solo"),
            families=(),
            statements=(st.SPOKEN, st.SPOKEN_NO),
            organizations=frozenset(),
            others=ch.FAMILY,
            one_recipient=True,
            purposes={"people": ch.MY_PEOPLE},
            lasts=(1, 30, 90, 365),
            usual=30,
            ends="spoken",
        ),
        Kind(
            code="RESTRICT",
            name=Said(
                "A limit that I ask for (45 CFR 164.522(a), 42 CFR 2.26)",
                "Un límite que yo pido (45 CFR 164.522(a), 42 CFR 2.26)",
            ),
            about=Said("Keeps something from somebody", "Guarda algo de alguien"),
            families=(),
            statements=(st.LIMIT, st.LIMIT_NOT_ALWAYS, st.LIMIT_EMERGENCY),
            organizations=frozenset(),
            classes={
                "providers": Recipients(
                    words=Said("Doctors, clinics and hospitals", "Médicos, clínicas y hospitales"),
                    detail=Said("treating providers", "quienes atienden"),
                    types=("treating_provider_ce", "treating_provider_nonce"),
                ),
                "services": Recipients(
                    words=Said("Agencies and housing offices", "Agencias y oficinas de vivienda"),
                    detail=Said("social services and housing", "servicios sociales y vivienda"),
                    types=("social_service_org", "landlord_housing"),
                ),
                "family": Recipients(
                    words=Said("My family and friends", "Mi familia y amistades"),
                    detail=Said("family and friends", "familia y amistades"),
                    types=("family_involved", "parent_guardian"),
                ),
                "plans": Recipients(
                    words=Said("My health plan", "Mi plan de salud"),
                    detail=Said("health plans", "planes de salud"),
                    types=("health_plan",),
                ),
                "justice": Recipients(
                    words=Said("Police, prosecutors and courts", "Policía, fiscalía y juzgados"),
                    detail=Said("police, prosecutors and courts", "policía, fiscalía y juzgados"),
                    types=("law_enforcement", "le_co_response_partner", "prosecutor", "court", "probation_parole"),
                ),
            },
            lasts=(90, 365, 0),
            usual=0,
            ends="limit",
        ),
    )
}  # fmt: skip
