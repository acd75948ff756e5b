"""What a form says beside the answers, read out before it is signed. None of it is ticked.

What a form says is what was shown and read to the person, in their language. Short sentences, one
thought each; a person who is tired hears them once.
"""

from clinical.consents.said import Said

REVOKE = Said(
    "I can take this back at any time, in writing, by saying so, or by phone to this program. "
    "What was already shared before then stays shared.",
    "Puedo retirar este permiso en cualquier momento: por escrito, de palabra o por teléfono a este programa. "
    "Lo que ya se compartió antes queda compartido.",
)
REVOKE_LINES = Said(
    "I can take back one line or all of them at any time, in writing or by saying so. What was said before then "
    "stays said.",
    "Puedo retirar una línea o todas en cualquier momento, por escrito o de palabra. Lo que se dijo antes queda dicho.",
)
REVOKE_PROCEEDING = Said(
    "I can take this back in writing. What is already in evidence stays there.",
    "Puedo retirar este permiso por escrito. Lo que ya es prueba en el caso queda ahí.",
)
CONDITION = Said(
    "My care with this program does not depend on signing. I can say no.",
    "Mi atención en este programa no depende de que yo firme. Puedo decir que no.",
)
CONDITION_MONITOR = Said(
    "This program helps me whether or not I sign. The court or the agreement may have its own answer to a no.",
    "Este programa me ayuda firme o no firme. El juzgado o el acuerdo puede tener su propia respuesta a un no.",
)
REDISCLOSE = Said(
    "Whoever receives this may share it further, and health privacy law may then no longer protect it.",
    "Quien lo reciba podría compartirlo con otros, y entonces la ley de privacidad de salud quizá ya no lo proteja.",
)
COVERED = Said(
    "A covered entity or business associate that receives these records may share them further as HIPAA "
    "allows, but not in civil, criminal, administrative or legislative proceedings against me.",
    "Una entidad cubierta o su asociado que reciba estos registros puede compartirlos como permite HIPAA, pero no en "
    "procesos civiles, penales, administrativos o legislativos contra mí.",
)
PART2_REDISCLOSE = Said(
    "Records that are shared further by whoever receives them may no longer be protected by 42 CFR Part 2.",
    "Los registros que el destinatario comparta con otros quizá ya no estén protegidos por 42 CFR Parte 2.",
)
NOTHING_AGAINST_ME = Said(
    "Nothing shared under this form may be used against me in an investigation or a trial.",
    "Nada de lo compartido con este permiso puede usarse contra mí en una investigación o un juicio.",
)
NEVER_TO_JUSTICE = Said(
    "It never goes to police, prosecutors, courts, probation, employers or landlords.",
    "Nunca llega a la policía, la fiscalía, los juzgados, la libertad condicional, empleadores ni caseros.",
)
NOTES_APART = Said(
    "These notes are kept apart from my record. This form opens the notes alone, and no other form does.",
    "Estas notas se guardan aparte de mi expediente. Este permiso abre solo las notas, y ningún otro lo hace.",
)
NOTES_FREE = Said(
    "No care, payment, enrollment or benefit depends on signing. I can say no.",
    "Ninguna atención, pago, inscripción ni beneficio depende de que yo firme. Puedo decir que no.",
)
PROCEEDING_ONLY = Said(
    "This form is for one proceeding and nothing else. Without it or a special court order these records can't be "
    "used there.",
    "Este permiso es para un solo proceso y nada más. Sin él o sin una orden judicial especial, estos registros no "
    "pueden usarse ahí.",
)
PROCEEDING_LAWYER = Said(
    "I can ask a lawyer before I sign. Nobody here may urge me.",
    "Puedo preguntar a un abogado antes de firmar. Nadie aquí puede presionarme.",
)
MONITOR_WHAT = Said(
    "They learn whether I take part, how I do, and whether I need more time. Never what I used, what I did, or whom "
    "I know.",
    "Sabrán si participo, cómo me va y si necesito más tiempo. Nunca qué consumí, qué hice ni a quién conozco.",
)
MONITOR_USE = Said(
    "They may use it and pass it on for this action only.",
    "Pueden usarlo y pasarlo solo para este caso.",
)
MONITOR_REVOKE = Said(
    "I can't take it back before the day or event named above; after it I can. It ends by itself when the case does.",
    "No puedo retirarlo antes del día o hecho nombrado arriba; después sí. Termina solo cuando termina el caso.",
)
MONITOR_HIPAA = Said(
    "Where HIPAA applies as well, I can end that part in writing at any time, unless a court ordered the reports.",
    "Donde también rige HIPAA, puedo terminar esa parte por escrito cuando quiera, salvo que un juez ordene los informes.",
)
VICTIM_FREE = Said(
    "Help does not depend on signing. I can say no, and still get every service.",
    "La ayuda no depende de que yo firme. Puedo decir que no y recibir todos los servicios.",
)
VICTIM_REVOKE = Said(
    "I can take this back at any time and in any way, by phone as well. It stops at once. What was shared before then "
    "stays shared.",
    "Puedo retirarlo en cualquier momento y de cualquier forma, también por teléfono. Se detiene de inmediato. Lo ya "
    "compartido queda compartido.",
)
UNDERSTOOD = Said(
    "I was told what this form says, and I understand it.",
    "Me explicaron lo que dice este permiso, y lo entiendo.",
)
HIV_NAMED = Said(
    "I know that this is HIV-related information. A general form would not open it.",
    "Sé que es información relacionada con el VIH. Un permiso general no la abriría.",
)
LINES = Said(
    "Each line is its own yes. I can refuse any line and lose nothing.",
    "Cada línea es un sí aparte. Puedo negar cualquiera y no pierdo nada.",
)
CONFERENCE_NEVER = Said(
    "Never told there: counseling and therapy notes, victim services, a hidden address. Police and prosecutors hear "
    "nothing clinical.",
    "Nunca se cuenta ahí: notas de consejería y terapia, servicios a víctimas, una dirección oculta. La policía y la "
    "fiscalía no oyen nada clínico.",
)
SPOKEN = Said(
    "I say yes out loud. The worker may talk with this person about what I named, while I am in care.",
    "Digo que sí en voz alta. El trabajador puede hablar con esta persona de lo que nombré, mientras me atienden.",
)
SPOKEN_NO = Said(
    "It opens no substance use or victim services record. For those I sign a form. I can say no later.",
    "No abre registros de sustancias ni de servicios a víctimas. Para eso firmo un permiso. Puedo decir que no después.",
)
LIMIT = Said(
    "From now on this program keeps what I named from those I named, even if I once said yes to all treatment and "
    "payment. A form that I sign for just them may still open it.",
    "Desde ahora este programa no comparte lo que nombré con quienes nombré, aunque antes haya dicho que sí a todo "
    "tratamiento y pago. Un permiso que yo firme solo para ellos todavía puede abrirlo.",
)
LIMIT_NOT_ALWAYS = Said(
    "The program may say no to a limit. When it says yes, it must keep it until I end it or it tells me.",
    "El programa puede negar un límite. Si dice que sí, debe cumplirlo hasta que yo lo termine o me avise.",
)
LIMIT_EMERGENCY = Said(
    "In a medical emergency it may be shared with those who treat me.",
    "En una emergencia médica puede compartirse con quienes me atienden.",
)
