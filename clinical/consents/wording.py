"""What is asked and answered around a form, in its languages, and what is said when something is missing."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.formats import date_format

from clinical.consents import catalog, choices, statements
from clinical.consents.said import LANGUAGES, REVIEWED, Said, words_digest

FORM_NAMES: Final = {code: kind.name.en for code, kind in catalog.KINDS.items()}
TREATING_WORDS: Final = choices.TREATING_PROVIDERS.words.en

STEPS: Final = (
    Said("Who", "Quién"),
    Said("What", "Qué"),
    Said("Why and until when", "Para qué y hasta cuándo"),
    Said("Sign", "Firmar"),
)
WHO: Final = Said("Who may receive it?", "¿Quién puede recibirlo?")
WHO_ONE: Final = Said("Who may receive it? One only.", "¿Quién puede recibirlo? Solo uno.")
WHO_LIMIT: Final = Said("From whom shall it be kept?", "¿De quién se debe guardar?")
UNIT: Final = Said("Which unit or role there?", "¿Qué oficina o cargo ahí?")
SOMEBODY: Final = Said("Somebody else", "Otra persona u oficina")
SOMEBODY_NAME: Final = Said("Their name, and the agency", "Su nombre, y la agencia")
WHAT: Final = Said("What may be shared?", "¿Qué se puede compartir?")
WHAT_LIMIT: Final = Said("What shall be kept?", "¿Qué se debe guardar?")
WHY: Final = Said("What for?", "¿Para qué?")
UNTIL: Final = Said("Until when?", "¿Hasta cuándo?")
OPEN_END: Final = Said("Until I take it back", "Hasta que yo lo retire")
READ_OUT: Final = Said("Read this out", "Lea esto en voz alta")
SIGNATURE_OF: Final = Said("Signature of {name}", "Firma de {name}")
SIGN_HERE: Final = Said(
    "Sign above the line with a finger, pen or mouse.",
    "Firme sobre la línea con el dedo, un lápiz o el ratón.",
)
SIGNED: Final = Said("Signed.", "Firmado.")
THE_PERSON: Final = Said("the person", "la persona")
COPY: Final = Said(
    "I read it aloud or gave it to read, and offered a copy.",
    "Se leyó o se dio a leer, y se ofreció una copia.",
)
INFORMED: Final = Said(
    "We talked about what sharing brings, its risks, other ways, and not sharing.",
    "Hablamos de lo que trae compartir, sus riesgos, otras formas, y no compartir.",
)
DAYS: Final = {
    1: Said("Today only", "Solo hoy"),
    7: Said("7 days", "7 días"),
    15: Said("15 days", "15 días"),
    30: Said("30 days", "30 días"),
    90: Said("90 days", "90 días"),
    180: Said("6 months", "6 meses"),
    365: Said("1 year", "1 año"),
    0: OPEN_END,
}
OPENS_TITLE: Final = Said("What this opens", "Lo que esto abre")
CLOSES_TITLE: Final = Said("What this keeps closed", "Lo que esto mantiene cerrado")
UNTIL_DAY: Final = Said("until {day}", "hasta el {day}")
ON_DAY: Final = Said("on {day}", "el {day}")
NO_END: Final = Said("none: until I take it back", "ninguno: hasta que yo lo retire")
WHEN_EVENT: Final = Said(
    "until {day}, or before if the case ends", "hasta el {day}, o antes si termina el caso"
)
DRAFT_TRANSLATION: Final = Said(
    "Draft translation: no translator has reviewed it yet. The English form counts where the two differ.",
    "Traducción provisional: ningún traductor la ha revisado todavía. Si difieren, vale el formulario en inglés.",
)
# What stands before each line of the sheet.
TITLES: Final = {
    "about": Said("About", "Sobre"),
    "from": Said("Who shares it", "Quién lo comparte"),
    "to": Said("Who may receive it", "Quién puede recibirlo"),
    "what": Said("What may be shared", "Qué se puede compartir"),
    "why": Said("What for", "Para qué"),
    "until": Said("Until when", "Hasta cuándo"),
    "kept_from": Said("From whom it is kept", "De quién se guarda"),
    "kept": Said("What is kept", "Qué se guarda"),
    "signed": Said("Signed", "Firmado"),
    "witness": Said("Witness", "Testigo"),
    "interpreter": Said("Interpreter", "Intérprete"),
    "understanding": Said("Understanding", "Comprensión"),
    "taken_by": Said("Explained by", "Explicado por"),
    "opens": OPENS_TITLE,
    "statements": Said("What I was told", "Lo que me dijeron"),
    "yes": Said("Yes", "Sí"),
    "taken_back": Said("Taken back", "Retirado"),
    "copy": Said("The client's copy", "Copia para la persona"),
    "signature": Said("The signature, as drawn", "La firma, como se hizo"),
    "paper": Said("The signed paper, as photographed", "El papel firmado, como se fotografió"),
    "blank": Said(
        "To be signed on paper. It is worth nothing before it is signed and kept.",
        "Para firmar en papel. No vale nada antes de firmarse y guardarse.",
    ),
    "sign_line": Said("Signature and date", "Firma y fecha"),
    "witness_line": Said("Witness, name and signature", "Testigo, nombre y firma"),
    "page": Said("Page", "Página"),
}
# How it was signed, as it stands on the form.
DRAWN: Final = Said("drawn by hand", "firmado a mano")
TYPED: Final = Said("typed as {name}, witnessed by {witness}", "escrito como {name}, ante {witness}")
ON_PAPER: Final = Said("signed on paper, and photographed", "firmado en papel, y fotografiado")
BY_VOICE: Final = Said(
    "said aloud, unable to write, before {one} and {two}",
    "dicho en voz alta, sin poder escribir, ante {one} y {two}",
)
HEARD: Final = Said("said aloud, heard by {name}", "dicho en voz alta, oído por {name}")
FOR_THEM: Final = Said("by {name}, {as_what}: {authority}", "por {name}, {as_what}: {authority}")
BY_HAND_INSTEAD: Final = Said("not needed: signed", "no hizo falta: firmado")
STAFF_SIGNED: Final = Said("signed by {name}, who took it", "firmado por {name}, quien lo tomó")
COPY_OFFERED: Final = Said("plain words; a copy was offered", "palabras sencillas; se ofreció una copia")
VIA: Final = Said("{program}, {office}", "{program}, {office}")
TALKED: Final = Said(
    "benefits, risks and other ways were talked about", "se habló de beneficios, riesgos y otras formas"
)
FROM_TODAY: Final = Said("from {day}", "desde el {day}")
NOT_SAFE: Final = Said("not safe: {limits}", "no es seguro: {limits}")
NEVER_WRITTEN: Final = Said(
    "nothing by e-mail, text or voice message", "nada por correo, texto ni mensaje de voz"
)
MAY_ANSWER: Final = Said("may answer back", "puede responder")
ONLY_TO_THEM: Final = Said("nothing about anybody else", "nada sobre otras personas")
STAYS: Final = Said("Stays closed", "Queda cerrado")

# Who signs, as `law/rules.md` lets somebody; codes as the engine knows them.
SIGNERS: Final = {
    "patient": Said("The person", "La persona"),
    "minor_and_parent": Said("A minor, and a parent beside them", "Un menor, y un padre o madre junto a él"),
    "parent": Said("A parent, for a minor", "Un padre o madre, por un menor"),
    "court_appointed_guardian": Said("A guardian whom a court appointed", "Un tutor nombrado por un juez"),
    "health_care_agent": Said("A health care agent", "Un representante para atención médica"),
    "executor": Said("An executor, for somebody who died", "Un albacea, por alguien que murió"),
}
SIGNERS_FOR_VICTIMS: Final = ("patient", "minor_and_parent", "court_appointed_guardian")

# Segments as a person would say them; the engine's preview is shown in these words.
SEGMENTS: Final = {
    "DEM": Said("who I am and how to reach me", "quién soy y cómo encontrarme"),
    "ENROLL": Said("that I am with the program", "que estoy en el programa"),
    "CASE": Said("what I need", "lo que necesito"),
    "MH": Said("my mental health", "mi salud mental"),
    "MHPA": Said("mental health facility records", "registros de un centro de salud mental"),
    "RISK": Said("safety and risk", "seguridad y riesgo"),
    "PSYNOTE": Said("psychotherapy notes", "notas de psicoterapia"),
    "SUDP2": Said("substance use records", "registros sobre uso de sustancias"),
    "SUDP2N": Said("substance use counseling notes", "notas de consejería sobre sustancias"),
    "HIV": Said("HIV-related information", "información relacionada con el VIH"),
    "VSP": Said("victim services", "servicios a víctimas"),
    "HMIS": Said("housing records", "registros de vivienda"),
}
# Which form opens what a regime keeps, for the worker.
FORM_OF_REGIME: Final = {
    "P2": "P2-SPEC",
    "PA-MH": "PA-MH",
    "PA-HIV": "PA-HIV",
    "VS": "VS-REL",
    "HIPAA": "HIPAA-AUTH",
}
FORM_OF_SEGMENT: Final = {"SUDP2N": "P2-NOTES", "PSYNOTE": "HIPAA-PSY"}

CAPACITY: Final = (
    "The person understands what this is, is not too intoxicated to decide, is not held or restrained, "
    "and was not told that the alternative is arrest."
)
HOW_KNOWN: Final = {
    "own_words": "Said it back in their own words",
    "questions": "Asked questions that fit",
    "known": "As I know them on a good day",
}
CLINICIAN: Final = "A clinician explained it, not the arresting officer."

MISSING: Final = {
    "info": "what may be shared",
    "from": "which program shares it",
    "to": "who may receive it, one agency and unit only where the form says so",
    "purpose": "what it is for",
    "expiry": "when it ends",
    "sig": "the signature",
    "name": "the person's name (write it on the client's page first)",
    "revoke": "the right to take it back",
    "cond": "that care does not depend on signing",
    "redisc": "that it may be shared further",
    "plain": "that a copy was given or offered",
    "cestmt": "the statement about sharing under HIPAA",
    "refuse": "what happens if they refuse",
    "who": "whose information it is",
    "what": "what may be shared",
    "why": "what it is for, in their words",
    "end": "when it ends",
    "start": "when it begins",
    "informed": "that you talked about benefits, risks and other ways",
    "how": "how it will be passed on",
    "noncond": "that help does not depend on signing",
    "notes_only": "that it is about these notes alone",
    "proceeding": "the proceeding: court or agency, docket, role, testimony",
    "standalone": "that nothing else is asked on it",
    "condition": "what makes it a condition: docket, order or agreement",
    "monitors": "that each of them has the duty to monitor",
    "period": "how long it holds",
    "revocable_on": "from when it can be taken back",
    "use": "what they may use it for",
    "subject": "the person's name (write it on the client's page first)",
    "hivnamed": "that it is HIV-related information",
    "staffsig": "your own signature: you took it",
    "verbal": "two witnesses to the spoken yes",
    "segments": "what may be told there",
    "initials": "the initials on each line",
    "forbidden_segment": "a choice that may stand on it: something ticked is never told there",
    "forbidden_purpose": "a purpose that may stand on it",
    "signer": "a signer whom the law lets sign",
    "intermediary": "the name of the go-between",
}
DEFECTS: Final = {
    "expired": "it has ended",
    "revoked": "it was taken back",
    "too_long": "it runs longer than the law or local policy allows",
}


def missing_words(defect: str) -> str:
    """A defect's key in plain words: ``h.expiry`` is *when it ends*."""
    key = defect.rsplit(":", 1)[-1].rsplit(".", 1)[-1]
    key = {"sigdate": "sig", "date": "sig"}.get(key, key)  # the date comes with the signature
    return MISSING.get(key) or DEFECTS.get(key) or defect.replace("_", " ").replace(".", " ")


def day(at: datetime, language: str) -> str:
    """The local day in words of the language."""
    with translation.override(language if language in LANGUAGES else "en"):
        return str(date_format(timezone.localtime(at), "DATE_FORMAT"))


def every_text() -> list[Said]:
    """All texts of the forms, each once, in a fixed order: what a translator reviews."""
    of_modules = [dict(sorted(vars(module).items())) for module in (statements, choices)]
    own = {name: value for name, value in sorted(globals().items()) if name.isupper()}
    return list(dict.fromkeys(_texts_in([*of_modules, catalog.KINDS, own])))


def _texts_in(value: Any) -> Iterator[Said]:
    if isinstance(value, Said):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _texts_in(vars(value))


def is_reviewed(language: str) -> bool:
    """Did a translator review exactly these words? English is the original."""
    if language == "en":
        return True
    digest, _who = REVIEWED.get(language, ("", ""))
    return digest == words_digest(every_text(), language)
