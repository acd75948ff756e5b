"""Words beside a code. LOINC and SNOMED CT name things by rule, so that a name tells what its code is.

Words only ever add a kind. A name that says less than it should costs nothing but what the code itself, the
program and the author add. Each line holds alternatives, whole words of them; ``*`` stands for the rest of a
word, and ``~`` for up to three words between.
"""

import re
from collections.abc import Mapping
from functools import cache

from consent.labels.kinds import Kind

_NAMES: Mapping[Kind, str] = {
    Kind.SUBSTANCE: """
        alcohol* | drunk* | drinker* | delirium tremens | addict* | overdose* | polysubstance | codependen* | korsakoff*
        drug abuse* | drug ~ abuse | drug misuse | drug ~ dependence | drug dependen* | drug user | drug use | drug withdrawal* | drug habit*
        substance abuse | substance misuse | substance ~ dependence | substance use* | substance withdrawal | psychoactive substance*
        abuse of drug* | abuse ~ drug* | misuse* ~ drug* | dependence ~ drug* | misuse ~ medic* | drugs of abuse | illicit drug*
        drug-induced ~ mood | drug-induced ~ psycho* | drug-induced ~ delusion* | drug-induced ~ anxiety | drug-induced ~ hallucin*
        drug-induced ~ dement* | drug-induced ~ delirium | drug-induced ~ mental | drug-induced ~ persist* | drug-induced ~ amnes*
        sedative* ~ depend* | sedative* ~ abuse | hypnotic* ~ depend* | hypnotic* ~ abuse | anxiolytic* ~ depend* | barbiturate* ~ abuse
        barbiturate* ~ depend* | tranquilizer* ~ abuse | tranquilizer* ~ depend* | antidepressant ~ abuse | inhalant* | glue sniff* | solvent abuse
        opioid* | opiate* | narcotic* | heroin | cocaine* | crack cocaine | benzoylecgonine | cannabi* | tetrahydrocannabinol | marijuana
        hashish | *amphetamine* | mdma | ecstasy | phencyclidine* | lsd | lyserg* | hallucinogen* | mescaline | psilocyb* | psychodysleptic*
        psychostimulant* | stimulant ~ abuse | stimulant ~ depend* | methadone | buprenorphine | naltrexone | naloxone | ethanol
        injecting drug* | intravenous drug* | injection drug* | needle exchange | detoxification | sobriety | alcoholics anonymous
        audit-c | dast-10 | crafft | car relax alone forget friends trouble | alcohol use disorders identification test
    """,
    Kind.MENTAL: """
        mental* | psychiatr* | psycholog* | psychos* | psychot* | psychog* | psychopath* | psychoneuro* | psychophysi* | neuros* | neurotic*
        depress* | dysthym* | melanchol* | mood | affective | manic* | mania* | hypoman* | cyclothym* | bipolar
        schizo* | paranoi* | delusion* | hallucinat* | catatoni* | hebephreni*
        anxi* | panic | *phobia* | *phobic | fear of | obsessi* | obsessive-compulsive | compulsi* | impulse control | trichotillomania | kleptomania | pyromania
        gambling | hoarding | body dysmorph* | traumatic stress | post-traumatic stress | posttraumatic stress | ptsd | acute stress | stress reaction
        adjustment disorder* | adjustment reaction* | grief | bereavement | burnout
        dissociat* | conversion disorder* | depersonali* | dereali* | fugue | psychogenic amnesia | multiple personality | somatization | somatoform
        hypochondri* | factitious | malingering | munchausen* | personality | character disorder | narcissis* | histrionic | hysteri* | antisocial | sociopath*
        autis* | asperger* | pervasive develop* | attention deficit* | hyperkinetic | hyperactiv* | adhd | oppositional | conduct disorder* | disruptive behav*
        intellectual disab* | learning disab* | learning disord* | developmental delay | developmental disord* | developmental ~ disorder | mental retard*
        language disorder | speech disorder | articulation disorder | reading disorder | dyslexi* | stutter* | stammer* | mutism | coordination disorder
        tic disorder | tic | tics | tourette* | stereotyp* | enuresis | encopresis | pica | rumination | feeding disorder*
        anorexia nervosa | bulimi* | binge eating | eating disorder* | insomni* | hypersomni* | parasomni* | nightmare* | night terror* | somnambul*
        dementia* | delirium | delirious | disorient* | alzheimer* | organic brain* | cognitive disorder | cognitive impairment | cognitive and behavioral therapy
        behavior* disorder* | behavioural* | abnormal behavior | emotional disturbance | emotional* disord* | aggressive* | agitat* | self-esteem
        reactive attachment | separation anxiety | sibling rivalry | *sexual disorder | fetishis* | exhibitionis* | voyeuris* | pedophil* | paraphili*
        sadis* | masochis* | transves* | gender identity disorder* | gender dysphoria
        suicid* | self-harm* | self harm* | self-injur* | self-mutilat* | homicidal*
        patient health questionnaire* | phq* | generalized anxiety disorder 7* | gad-7 | columbia suicide* | c-ssrs | mini-mental | depression screening
        antidepress* | antipsychot* | neurolept* | electroconvulsive | psychotherap*
    """,
    Kind.RISK: """
        suicid* | self-harm* | self harm* | self-injur* | self-mutilat* | homicidal* | c-ssrs | columbia suicide*
    """,
    Kind.COMMITMENT: """
        involuntary commit* | involuntary exam* | involuntary ~ admission | involuntary hold | involuntary detention | section 302 | 302 petition | 302 commit*
    """,
    Kind.HIV: """
        hiv* | human immunodeficiency virus* | acquired immune deficiency* | acquired immunodeficiency* | aids | antiretrovir* | htlv-iii
        pre-exposure prophylaxis | kaposi* | pneumocyst*
    """,
    Kind.STI: """
        chlamydia* | gonorrh* | gonococc* | syphili* | treponem* | trichomon* | chancroid | genital herpes | genital wart* | condylom* | sexually transmitted*
        venereal* | human papilloma*
    """,
    Kind.REPRODUCTIVE: """
        pregnan* | contracept* | abortion* | miscarriage | termination of pregnancy | intrauterine | birth control | infertil* | fertility | obstetric* | antenatal*
        prenatal* | postnatal* | gestation* | childbirth | puerper* | lactation | fetal | fetus | menstru* | erectile* | ejaculat* | orgas* | libido | dyspareun*
        sexual dysfunction | sexual function* | sexual desire | impotence | sterilization | vasectomy | tubal ligation | gender identity | gender dysphoria | gender incongruence
        28 day pack | 91 day pack | 21 day pack
    """,
    Kind.GENETIC: """
        genetic* | genom* | chromosom* | karyotyp* | carrier of | carrier state | brca1 | brca2 | hereditary
    """,
    Kind.VICTIM: """
        domestic abuse | domestic violence | sexual abuse | sexual assault | child abuse | elder abuse | spouse abuse | partner abuse | physical abuse | emotional abuse
        adult abuse | abuse of child | abuse of adult | maltreat* | victim* | rape* | assault* | intimate partner* | battered | hark | human trafficking
    """,
    Kind.SOCIAL: """
        homeless* | housing* | refugee* | transport | transportation | employment* | unemploy* | income | food insecur* | social isolation | social contact
        migrant* | incarcerat* | prison* | jail | veteran* | received higher education* | education* | limited social contact
    """,
}
# What a laboratory looks for when it looks for drugs. On a prescription the same words mean pain.
_ANALYTES = """
    alcohol* | ethanol* | ethyl glucuronide* | ethyl sulfate* | phosphatidylethanol | isopropanol | methanol
    *codeine* | *morphine* | *codone* | *morphone* | *fentanil* | *fentanyl* | *methadone* | *methadol* | eddp | *ethylidene-1* | *buprenorphine*
    *meperidine* | *pethidine* | *propoxyphene* | *tramadol* | *tapentadol* | pentazocine | butorphanol | nalbuphine | levorphanol | levallorphan | dextrorphan | dextromoramide
    *prodine | anileridine | heroin | opium | opiate* | opioid* | papaverine | noscapine | thebaine | mitragynine | kratom | naloxone* | naltrex* | nalorphine | codol | hydrocodol*
    *cocaine* | coca | *ecgonine* | cocaethylene | *cannabi* | thc | jwh-* | am-2201* | am-694* | ur-144* | xlr-11* | hu-210* | cp-47* | rcs-4* | mam-2201* | pb-22* | *pinaca* | *tetrahydrocannabinol*
    *amphetamin* | *fetamine* | mda | mdea | mdma | mbdb | bdb | *phentermine* | *metrazine* | *phetamine* | diethylpropion* | *cathinone* | cathine | mephedrone | methylone
    butylone | mdpv | *valerone* | *piperazine* | tfmpp | mcpp | methylenediox* | *ephedrine* | *ketamine* | phencyclidine* | pcp | *lyserg* | lsd | mescaline
    psilo* | bufoten* | *tryptamine* | salvinorin* | ibogaine | hallucinogen* | ghb | gamma hydroxybutyr* | gamma-hydroxybutyr* | butanediol | flunitrazepam | methaqualone | glutethimide | toluene
    inhalants | drugs of abuse* | drug screen* | drugs identified | difenoxin* | diphenoxylate* | oliceridine | dipipanone | pholcodine | phenazocine | piritramide | tilidine
"""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    names = [name.strip() for line in text.strip().splitlines() for name in line.split("|")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spelled, names))})(?!\w)", re.IGNORECASE)


def _spelled(name: str) -> str:
    """A name as a regular expression: between its words may stand whatever is no letter."""
    parts = [r"(?:[\w,'/-]+\W+){0,3}?" if word == "~" else _word(word) + r"\W+" for word in name.split()]
    return "".join(parts).removesuffix(r"\W+")


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"[\w-]*").replace(r"\-", r"[\s-]")


def kinds_of_words(words: str) -> frozenset[Kind]:
    """What a name speaks of, by its words."""
    return frozenset(kind for kind, names in _NAMES.items() if _pattern(names).search(words))


def is_for_a_drug(words: str) -> bool:
    """Does a laboratory's name say that it looked for a drug of abuse?"""
    return _pattern(_ANALYTES).search(words) is not None
