"""Words that several bodies of law share: regimes, recipients, obligations."""

from typing import Final

from consent.engine.vocabulary import MEDIC, words

HIPAA: Final = "HIPAA"
P2: Final = "P2"
PA_SUD: Final = "PA-SUD"
PA_MH: Final = "PA-MH"
PA_HIV: Final = "PA-HIV"
VS: Final = "VS"
HMIS: Final = "HMIS"
CJ: Final = "CJ"

LAW_ENFORCEMENT: Final = words("law_enforcement")
PROSECUTION: Final = words("law_enforcement prosecutor")
COURTROOM: Final = words("court attorney_civil prosecutor defense_attorney")
FAMILY: Final = words("family_involved")
PARENT: Final = words("parent_guardian")
OWN: Final = words("own_workforce")
INDIVIDUAL: Final = words("individual")
PROVIDERS: Final = MEDIC | words("part2_program_other och_other_program")

MINIMUM_NECESSARY: Final = "OBL-MINNEC"
VERIFY: Final = "OBL-VERIFY"
ACCOUNTING_6Y: Final = "OBL-ACCT-H6"
ACCOUNTING_3Y: Final = "OBL-ACCT-P2-3"
RECORD_BASIS: Final = "OBL-RECORD-BASIS"
JUDGMENT: Final = "OBL-PROF-JUDGMENT"
ORDER_SCOPE: Final = "OBL-ORDER-SCOPE"
COUNSEL: Final = "OBL-COUNSEL"
NOTICE: Final = "OBL-P2-NOTICE"
SCOPE: Final = "OBL-P2-SCOPE"
USE_BAR: Final = "OBL-P2-USEBAR"
NOTIFY: Final = "OBL-NOTIFY-INDIV"
DEID_PROOF: Final = "OBL-DEID-PROOF"
MH_STATEMENT: Final = "OBL-PA-MH-STMT"
HIV_STATEMENT: Final = "OBL-PA-HIV-STMT"
ELEMENTS_F2: Final = "OBL-ELEMENTS-F2"
SCRUB: Final = "OBL-SCRUB-CJ"
CONSENTED: Final = (NOTICE, SCOPE, USE_BAR)
