"""Medicines by ingredient: RxNorm's concept of the ingredient, its names, and what taking it says.

A prescription carries the concept of a product (a strength and a form), and there are tens of thousands of
them; each is named by its ingredients. So a product is known by the ingredient's or the brand's name in its
words, and an ingredient by its number too. Painkillers of the opioid family say nothing by themselves: they
are prescribed for pain. What is given against an addiction or an overdose says it.

Source: RxNorm (U.S. National Library of Medicine, public domain), concepts of the type "ingredient".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from consent.labels.kinds import Kind

# name | RxNorm number of the ingredient, where it is known here | brands
_SUBSTANCE = """
buprenorphine | 1819 | suboxone subutex zubsolv sublocade brixadi bunavail probuphine
methadone | 6813 | dolophine methadose diskets
naltrexone | 7243 | vivitrol revia depade
naloxone | 7242 | narcan kloxxado evzio zimhi rivive
nalmefene | 7238 | opvee revex
acamprosate | 82819 | campral
disulfiram | 3554 | antabuse
lofexidine | 29439 | lucemyra
levomethadyl | 237005 | orlaam
diamorphine | 3304 | heroin
"""
_MENTAL = """
alprazolam | 596 | xanax niravam
amitriptyline | 704 | elavil
amoxapine | 722 | asendin
amphetamine | 725 | adderall evekeo adzenys dyanavel mydayis
aripiprazole | 89013 | abilify aristada
armodafinil | 228790 | nuvigil
asenapine | 784649 | saphris secuado
atomoxetine | 38400 | strattera
benztropine | 1424 | cogentin
brexanolone | | zulresso
brexpiprazole | 1658314 | rexulti
bromazepam | 1749 | lexotan
bupropion | 42347 | wellbutrin aplenzin budeprion forfivo zyban auvelity
buspirone | 1827 | buspar
carbamazepine | 2002 | equetro
cariprazine | 1667655 | vraylar
chlordiazepoxide | 2353 | librium librax limbitrol
chlorpromazine | 2403 | thorazine
chlorprothixene | 2406 | taractan
citalopram | 2556 | celexa
clomipramine | 2597 | anafranil
clonazepam | 2598 | klonopin
clorazepate | 2353647 | tranxene
clozapine | 2626 | clozaril fazaclo versacloz
daridorexant | | quviviq
desipramine | 3247 | norpramin
desvenlafaxine | 734064 | pristiq khedezla
deutetrabenazine | | austedo
dexmethylphenidate | 352372 | focalin azstarys
dextroamphetamine | 3288 | dexedrine zenzedi procentra
diazepam | 3322 | valium
divalproex | 266856 | depakote
donepezil | 135447 | aricept
doxepin | 3638 | silenor sinequan
droperidol | 3648 | inapsine
duloxetine | 72625 | cymbalta drizalma
escitalopram | 321988 | lexapro
esketamine | 2119365 | spravato
estazolam | 4077 | prosom
eszopiclone | 461016 | lunesta
flurazepam | 4501 | dalmane
fluoxetine | 4493 | prozac sarafem symbyax
fluphenazine | 4496 | prolixin
fluvoxamine | 42355 | luvox
galantamine | 4637 | razadyne
guanfacine | 40114 | intuniv
halazepam | 26412 | paxipam
haloperidol | 5093 | haldol
hydroxyzine | 5553 | vistaril atarax
iloperidone | 73178 | fanapt
imipramine | 5691 | tofranil
isocarboxazid | 6011 | marplan
lamotrigine | 28439 | lamictal
lemborexant | | dayvigo
levomilnacipran | 1433212 | fetzima
lisdexamfetamine | 700810 | vyvanse
lithium | 6448 | lithobid lithane eskalith
lorazepam | 6470 | ativan loreev
loxapine | 6475 | loxitane adasuve
lumateperone | 2272613 | caplyta
lurasidone | 1040028 | latuda
maprotiline | 6646 | ludiomil
memantine | 6719 | namenda
meprobamate | 6760 | miltown
mesoridazine | 6779 | serentil
methamphetamine | 6816 | desoxyn
methylphenidate | 6901 | ritalin concerta metadate methylin daytrana quillivant jornay
mirtazapine | 15996 | remeron
modafinil | 30125 | provigil
molindone | 7019 | moban
nefazodone | 31565 | serzone
nortriptyline | 7531 | pamelor aventyl
olanzapine | 61381 | zyprexa lybalvi
oxazepam | 7781 | serax
paliperidone | 679314 | invega
paroxetine | 32937 | paxil brisdelle pexeva
pemoline | 7966 | cylert
perphenazine | 8076 | trilafon
phenelzine | 8123 | nardil
pimavanserin | 1791685 | nuplazid
pimozide | 8331 | orap
prazepam | 8627 | centrax
prochlorperazine | 8704 | compazine
protriptyline | 8886 | vivactil
quazepam | 35185 | doral
quetiapine | 51272 | seroquel
ramelteon | 596205 | rozerem
risperidone | 35636 | risperdal perseris uzedy
rivastigmine | 183379 | exelon
selegiline | 9639 | emsam
sertraline | 36437 | zoloft
suvorexant | 1547099 | belsomra
temazepam | 10355 | restoril
tetrabenazine | 10390 | xenazine
thioridazine | 10502 | mellaril
thiothixene | 10510 | navane
tranylcypromine | 10734 | parnate
trazodone | 10737 | desyrel oleptro
triazolam | 10767 | halcion
trifluoperazine | 10800 | stelazine
triflupromazine | 10805 | vesprin
trimipramine | 10834 | surmontil
valbenazine | | ingrezza
valproate | 40254 | depacon
valproic acid | 11118 | depakene
venlafaxine | 39786 | effexor
vilazodone | 1086769 | viibryd
viloxazine | | qelbree
vortioxetine | 1455099 | trintellix brintellix
xanomeline | | cobenfy
zaleplon | 74667 | sonata
ziprasidone | 115698 | geodon
zolpidem | 39993 | ambien edluar intermezzo
zuranolone | | zurzuvae
"""
_HIV = """
abacavir | 190521 | ziagen epzicom trizivir triumeq
amprenavir | 358262 | agenerase
atazanavir | 343047 | reyataz evotaz
bictegravir | 1999667 | biktarvy
cabotegravir | 2475199 | apretude vocabria cabenuva
cobicistat | 1306284 | tybost stribild genvoya
darunavir | 460132 | prezista prezcobix symtuza
delavirdine | 83816 | rescriptor
didanosine | 3364 | videx
dolutegravir | 1433868 | tivicay juluca dovato
doravirine | 2055748 | pifeltro delstrigo
efavirenz | 195085 | sustiva atripla symfi
elvitegravir | 1306286 | vitekta
emtricitabine | 276237 | emtriva truvada descovy odefsey complera
enfuvirtide | 291987 | fuzeon
etravirine | 475969 | intelence
fosamprenavir | 402109 | lexiva
fostemsavir | | rukobia
ibalizumab | | trogarzo
indinavir | 114289 | crixivan
islatravir | |
lamivudine | 68244 | epivir combivir cimduo
lenacapavir | | sunlenca yeztugo
lopinavir | 195088 | kaletra
maraviroc | 620216 | selzentry
nelfinavir | 134527 | viracept
nevirapine | 53654 | viramune
raltegravir | 719872 | isentress
rilpivirine | 1102270 | edurant
ritonavir | 85762 | norvir
saquinavir | 83395 | invirase fortovase
stavudine | 59763 | zerit
tenofovir | 117466 | viread vemlidy
tipranavir | 460009 | aptivus
zalcitabine | 3363 | hivid
zidovudine | 11413 | retrovir
"""
_REPRODUCTIVE = """
desogestrel | 22656 | apri cyclessa mircette
drospirenone | 11636 | yaz yasmin slynd beyaz
elagolix | | orilissa
estradiol valerate | | natazia
ethinyl estradiol | 4124 | seasonique levora trinessa norinyl nuvaring sprintec xulane lessina
ethynodiol | 4133 | zovia kelnor
clomiphene | 2596 | clomid
levonorgestrel | 6373 | mirena skyla kyleena liletta
mestranol | 6778 | necon
mifepristone | 6916 | mifeprex
misoprostol | 42331 | cytotec
norelgestromin | 273500 |
norethindrone | 7514 | camila errin jolivette heather
norethynodrel | 7515 |
norgestimate | 31994 | ortho\xa0tri-cyclen ortho-cyclen
norgestrel | 7518 | opill
etonogestrel | 14584 | nexplanon implanon
medroxyprogesterone | 6691 | depo-provera provera
segesterone | | annovera
sildenafil | 136411 | viagra
tadalafil | 358263 | cialis
ulipristal | 1005921 | ella
vardenafil | 306674 | levitra
testosterone | 10379 | depo-testosterone androgel xyosted
finasteride | 25025 | propecia
"""
_TABLES: Mapping[Kind, str] = {
    Kind.SUBSTANCE: _SUBSTANCE,
    Kind.MENTAL: _MENTAL,
    Kind.HIV: _HIV,
    Kind.REPRODUCTIVE: _REPRODUCTIVE,
}
# Other names of what is above: prescriptions write a salt, RxNorm numbers some salts apart.
_SALTS = {"25190": Kind.MENTAL, "26420": Kind.MENTAL, "42351": Kind.MENTAL, "52105": Kind.MENTAL, "203116": Kind.MENTAL,
          "81984": Kind.MENTAL, "3287": Kind.MENTAL, "322248": Kind.HIV, "1721603": Kind.HIV, "1359": Kind.MENTAL}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Medicine:
    """An ingredient: its name, its number in RxNorm (``""`` where it isn't known here), brands, what it says."""

    name: str
    rxcui: str
    brands: tuple[str, ...]
    kind: Kind

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in small letters."""
        return (self.name, *self.brands)


@cache
def medicines() -> tuple[Medicine, ...]:
    """Every ingredient that says something."""
    return tuple(each for kind, table in _TABLES.items() for each in _read(kind, table))


def _read(kind: Kind, table: str) -> Iterator[Medicine]:
    for line in table.strip().splitlines():
        name, rxcui, brands = (part.strip() for part in line.split("|"))
        named = tuple(brand.replace("\xa0", " ") for brand in brands.split(" ") if brand)
        yield Medicine(name=name, rxcui=rxcui, brands=named, kind=kind)


@cache
def _by_number() -> Mapping[str, Kind]:
    return {each.rxcui: each.kind for each in medicines() if each.rxcui} | _SALTS


@cache
def _pattern(kind: Kind) -> re.Pattern[str]:
    names = sorted(
        (name for each in medicines() if each.kind is kind for name in each.names), key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


def kinds_of_medicine(rxcui: str, words: str) -> frozenset[Kind]:
    """What taking it says, by its number and by the names in its words."""
    named = {kind for kind in _TABLES if _pattern(kind).search(words)}
    numbered = {kind for number, kind in _by_number().items() if number == rxcui.strip()}
    return frozenset(named | numbered)
