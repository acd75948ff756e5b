"""What can be ticked on several kinds of form: recipients, purposes, kinds of information."""

from typing import Final

from clinical.consents.kinds import Information, Purpose, Question, Recipients
from clinical.consents.said import Said
from consent.models import Organization

Org = Organization.Kind
CARE_PARTNERS: Final = frozenset(
    {
        Org.TREATING_PROVIDER, Org.TREATING_PROVIDER_NOT_COVERED, Org.PART2_PROGRAM, Org.SOCIAL_SERVICE,
        Org.HOUSING, Org.VICTIM_SERVICES, Org.EMS,
    }
)  # fmt: skip
# For recipients outside health care a form names the agency and the unit or role (3.3, local policy).
HEALTH_CARE: Final = frozenset(
    {Org.TREATING_PROVIDER, Org.TREATING_PROVIDER_NOT_COVERED, Org.PART2_PROGRAM, Org.EMS}
)
JUSTICE: Final = frozenset({Org.POLICE, Org.PROSECUTOR})
# What a conference's line for police and prosecutors may hold (3.9): never what is clinical.
POLICE_LINE: Final = frozenset({"DEM", "ENROLL", "CASE"})


TREATING: Final = "treating"  # the choice that names a class instead of one organization
TREATING_PROVIDERS: Final = Recipients(
    words=Said("My treating providers", "Quienes me atienden"),
    detail=Said(
        "doctors, clinics and hospitals that treat me", "médicos, clínicas y hospitales que me atienden"
    ),
    types=("treating_provider_ce",),
)
EVERYBODY_IN_CARE: Final = Recipients(
    words=Said(
        "All who treat me, pay for it or help run my care", "Todos los que me atienden, pagan o ayudan"
    ),
    detail=Said(
        "my treating providers, health plans, third-party payers, and people helping to operate this program",
        "quienes me atienden, planes de salud, terceros pagadores y personas que ayudan a operar este programa",
    ),
    types=("treating_provider_ce", "treating_provider_nonce", "health_plan", "business_associate"),
)

CARE: Final = Purpose(
    words=Said("To treat me or help me", "Para atenderme o ayudarme"),
    detail=Said("treatment, and coordinating my care", "tratamiento y coordinación de mi atención"),
    codes=("TREAT", "COC", "CAREMGT"),
)
HOUSING: Final = Purpose(
    words=Said("To find a place to stay", "Para encontrar dónde vivir"),
    detail=Said("housing", "vivienda"),
    codes=("X-HOUSING", "COC"),
)
BENEFITS: Final = Purpose(
    words=Said("To get benefits", "Para obtener beneficios"),
    detail=Said("finding out whether I can get benefits", "averiguar si puedo recibir beneficios"),
    codes=("ELIGDTRM", "COC"),
)
MY_PEOPLE: Final = Purpose(
    words=Said("So that my people can help me", "Para que los míos puedan ayudarme"),
    detail=Said("help from my family and friends", "ayuda de mi familia y mis amistades"),
    codes=("SUPNWK", "FAMRQT"),
)
MY_LAWYER: Final = Purpose(
    words=Said("So that my lawyer can help me", "Para que mi abogado pueda ayudarme"),
    detail=Said("advice from my lawyer", "asesoría de mi abogado"),
    codes=("PWATRNY",),
)
TPO: Final = Purpose(
    words=Said("For treatment, payment and operations", "Para tratamiento, pago y operaciones"),
    detail=Said(
        "for treatment, payment, and health care operations",
        "para tratamiento, pago y operaciones de atención de salud",
    ),
    codes=("TREAT", "HPAYMT", "HOPERAT", "COC", "CAREMGT"),
)
PLAIN_PURPOSES: Final = {"care": CARE, "housing": HOUSING, "benefits": BENEFITS, "people": MY_PEOPLE}
VICTIM_PURPOSES: Final = {
    "care": Purpose(
        words=Said("To help me after what happened", "Para ayudarme después de lo que pasó"),
        detail=Said("help after what happened to me", "ayuda después de lo que me pasó"),
        codes=("X-VICTIMSVC", "COC", "CAREMGT", "TREAT"),
    ),
    "housing": Purpose(
        words=Said("To find a safe place", "Para encontrar un lugar seguro"),
        detail=Said("a safe place to stay", "un lugar seguro donde quedarme"),
        codes=("X-HOUSING", "X-VICTIMSVC", "COC"),
    ),
}
CONFERENCE_PURPOSES: Final = {
    "care": Purpose(
        words=Said("To coordinate my care", "Para coordinar mi atención"),
        detail=Said("care coordination", "coordinación de mi atención"),
        codes=("COC", "X-CASECONF"),
    ),
    "diversion": Purpose(
        words=Said("To keep me out of jail", "Para que no vaya a la cárcel"),
        detail=Said("diversion coordination", "coordinación del desvío penal"),
        codes=("X-DIVERSION", "X-CASECONF"),
    ),
    "housing": Purpose(words=HOUSING.words, detail=HOUSING.detail, codes=("X-HOUSING", "X-CASECONF")),
    "scheduling": Purpose(
        words=Said("To find a time for me", "Para acordar una hora conmigo"),
        detail=Said("scheduling", "acordar citas"),
        codes=("COC", "X-CASECONF"),
    ),
}

FAMILY: Final = {"family_involved": Said("A family member or friend", "Un familiar o una amistad")}
SERVICES: Final = {
    "social_service_org": Said("Another agency that helps me", "Otra agencia que me ayuda"),
    "landlord_housing": Said("A landlord or housing office", "Un casero u oficina de vivienda"),
}
LAWYERS: Final = {
    "defense_attorney": Said("My defense lawyer", "Mi abogado defensor"),
    "attorney_civil": Said("Another lawyer", "Otro abogado"),
}
COURTS: Final = {
    "court": Said("A court", "Un juzgado"),
    "probation_parole": Said("Probation or parole", "Libertad condicional"),
}
CHANNELS: Final = {
    "secure": Said("Over the partner's secure connection only", "Solo por la conexión segura del socio"),
    "phone": Said(
        "By telephone, to a person, no message left", "Por teléfono, a una persona, sin dejar mensaje"
    ),
    "in_person": Said("In person", "En persona"),
}
WHICH_NOTES: Final = Question(
    words=Said("Which notes?", "¿Cuáles notas?"), step=2,
    hint=Said("For instance: since June 1 of this year", "Por ejemplo: desde el 1 de junio de este año"),
)  # fmt: skip
NOTES_OF_COUNSELING: Final = Information(
    words=Said("Counseling notes, and nothing else", "Notas de consejería, y nada más"),
    detail=Said("substance use disorder counseling notes", "notas de consejería sobre uso de sustancias"),
    segments=("SUDP2N",),
    with_parent=False,
)
NOTES_OF_THERAPY: Final = Information(
    words=Said("Psychotherapy notes, and nothing else", "Notas de psicoterapia, y nada más"),
    detail=Said("psychotherapy notes", "notas de psicoterapia"),
    segments=("PSYNOTE",),
    with_parent=False,
)
ATTENDANCE: Final = {
    "attendance": Information(
        words=Said("That I take part, and whether I come", "Que participo, y si asisto"),
        detail=Said(
            "that I am in the program, my attendance, engagement and progress",
            "que estoy en el programa, mi asistencia, participación y progreso",
        ),
        segments=("ENROLL",),
    )
}
HIV_ITEMS: Final = {
    "care": Information(
        words=Said("My HIV care and appointments", "Mi atención y mis citas de VIH"),
        detail=Said(
            "HIV-related information: my care and appointments",
            "información relacionada con el VIH: mi atención y mis citas",
        ),
        segments=("HIV",),
        with_parent=False,
    ),
    "tests": Information(
        words=Said("My HIV test results", "Mis resultados de pruebas de VIH"),
        detail=Said(
            "HIV-related information: my test results",
            "información relacionada con el VIH: mis resultados de pruebas",
        ),
        segments=("HIV",),
        with_parent=False,
    ),
}
MIND_ITEMS: Final = {
    "contact": Information(
        words=Said("Who I am and how to reach me", "Quién soy y cómo encontrarme"),
        detail=Said(
            "my name, birth date, phone and address, and that I am with {program}",
            "mi nombre, fecha de nacimiento, teléfono y dirección, y que estoy con {program}",
        ),
        segments=("DEM", "ENROLL"),
    ),
    "crisis": Information(
        words=Said("My assessment and crisis plan", "Mi evaluación y mi plan de crisis"),
        detail=Said(
            "my latest mental health assessment and crisis plan",
            "mi última evaluación de salud mental y mi plan de crisis",
        ),
        segments=("MH", "MHPA"),
    ),
    "treatment": Information(
        words=Said("My treatment and medicines", "Mi tratamiento y mis medicinas"),
        detail=Said(
            "my present mental health treatment and medicines",
            "mi tratamiento actual de salud mental y mis medicinas",
        ),
        segments=("MH", "MHPA"),
    ),
}

# What a program's own segment tells about everybody who is with it (42 CFR 2.12(a)(1); `eng.enroll.inherits`).
TELLS: Final = {
    "SUDP2": Said(
        ", which tells something about substance use", ", lo que dice algo sobre uso de sustancias"
    ),
    "MH": Said(", which tells something about my mental health", ", lo que dice algo sobre mi salud mental"),
    "VSP": Said(", which tells that something happened to me", ", lo que dice que algo me pasó"),
    "HMIS": Said(", which tells something about where I stay", ", lo que dice algo sobre dónde me quedo"),
}
PLAIN: Final = {
    "contact": Information(
        words=Said("Who I am and how to reach me", "Quién soy y cómo encontrarme"),
        detail=Said(
            "my name, birth date, phone and address, and that I am with {program}",
            "mi nombre, fecha de nacimiento, teléfono y dirección, y que estoy con {program}",
        ),
        segments=("DEM", "ENROLL"),
    ),
    "needs": Information(
        words=Said("What I need", "Lo que necesito"),
        detail=Said(
            "my needs, goals, appointments, housing and benefits",
            "mis necesidades, metas, citas, vivienda y beneficios",
        ),
        segments=("CASE",),
    ),
    "care": Information(
        words=Said("My care with this program", "Mi atención en este programa"),
        detail=Said(
            "what we talked about, what was tried and what helps, as my worker wrote it down",
            "lo que hablamos, lo que se intentó y lo que ayuda, como lo escribió mi trabajador",
        ),
        segments=(),
    ),
}
