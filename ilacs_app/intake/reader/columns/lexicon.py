"""Words and patterns by which the value in a cell is known: verbs of actions, job titles, boards, papers, partners."""

from __future__ import annotations

import re

from ilacs_app.intake.reader.weights import listed
from ilacs_app.plan.parsing.dates import MONTH_WORD
from ilacs_app.plan.parsing.statuses import COUNCIL_WORDS

ACTION_VERBS = listed("""
    accelerate achieve act adapt add address adjust adopt advertise advise agree align allocate amend analyse
    apply appoint appraise approve arrange ask assess assign assure attend audit automate begin benchmark book
    brief bring build buy calculate call cap capture carry cascade challenge change chart chase check choose
    circulate clarify cleanse clear close co-design co-locate co-ordinate co-produce coach collate collect combine
    come commence commission commit communicate compare compile complete conduct confirm consider consolidate
    construct consult contact continue contribute convene convert coordinate correct create cut debrief decide
    decommission define delegate deliver demonstrate deploy describe design develop devise diarise digitise
    dip direct discuss display disseminate distribute document double double-check draft draw drive embed employ
    empower enable encourage end enforce engage enhance enlist enrol ensure equip escalate establish evaluate
    examine expand explain explore extend facilitate feed fill finalise find fix focus follow form formalise
    formulate free fund gather get give go grow guide hand harmonise have hear help hire hold host identify
    implement improve include increase induct inform initiate inspect install instigate instruct integrate
    introduce invest investigate invite involve issue join keep launch lead learn let liaise limit link list
    listen look lower maintain make manage mandate map match measure meet mentor merge migrate mobilise model
    moderate modernise monitor move name negotiate nominate notify observe obtain offer open optimise order
    organise outline overhaul oversee pair phone pilot place plan prepare present prevent prioritise procure
    produce progress promote propose protect provide publicise publish purchase pursue put raise rationalise
    re-audit re-commission re-establish re-issue re-launch re-tender reach read realign reassess reassure
    rebuild receive recognise recommission record recruit rectify redesign redraft reduce refer refine refocus
    reframe refresh regularise reinforce reissue relaunch release remind remodel remove renew rent reopen
    reorganise repeat replace replicate report reprioritise request require research reset reshape resolve
    resource respond restructure retain retender retrain review revise revisit rewrite ring roll run sample
    scale schedule scope scrutinise secure seek select send set share shorten show sign signpost simplify source
    specify speed spread stabilise staff standardise start state stop streamline strengthen submit summarise
    supervise support survey sustain tackle take target teach tell tender test tighten trace track train
    transfer transform translate triage trial undertake unify update upgrade upskill use utilise validate verify
    visit widen withdraw work workshop write
""")
PAST = re.compile(
    r"\b(?:ha(?:s|ve) (?:been|now|begun|started|all|also)|was|were|is being|are being|to date|so far|underway|under way"
    r"|awaiting|not yet|ongoing|in place|took place|now (?:in|have|has|live)|since|remain(?:s|ing)?|drafted"
    r"|held|written"
    r"|agreed|begun|began|trained|recruited|launched|reviewed|issued|sent|started|delayed|signed off|in progress"
    r"|completed?|achieved|published|appointed|scheduled|booked|received|found|done|built|met|on track|behind"
    r"|expected)\b"
)
PAST_FIRST = listed("""
    held begun began written sent built made found done met drawn half two three four five
""")
JOB = re.compile(
    r"\b(?:heads?|directors?|managers?|officers?|leads?|leaders?|co-?ordinators?|workers?|practitioners?|principals?"
    r"|commissioners?|analysts?|administrators?|advis[eo]rs?|consultants?|nurses?|teachers?|headteachers?|supervisors?"
    r"|assistants?|deputy|chief|executives?|dcs|psw|iros?|lado|sro|cllrs?|councillors?|secretary|designated|doctors?"
    r"|ambassadors?|champions?|champion|chairs?|chairman|partners|teams?|staff|smt|dmt|slt|virtual school|hr|registrar"
    r"|psychologists?|therapists?|auditors?|engineers?|buyers?|planners?|trainers?|guardians?|clerks?|business partner"
    r"|service|all managers|specialists?|developers?|strategists?|members?|mentors?|sergeants?|superintendents?)\b"
)
SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|should|must|asked|asks|wants|wanted|said|says|noted|requested|told"
    r"|thinks|feels)\b"
)
"""A verb of saying or being, which no job title and no name has."""
NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Prof)\.? )?[A-Z][\w'\u2019-]*\.?(?: (?:de|van|O['\u2019])?[A-Z][\w'\u2019-]+){1,2}"
)
INITIALS = re.compile(r"[A-Z]{2,4}|[A-Z]\.? ?[A-Z]\.?|[A-Z][a-z]?[A-Z]{1,2}")
REF = re.compile(
    r"(?:(?:rec(?:ommendation)?|action|ref|no|priority|item|objective|ofsted|ilacs|jtai|send|afi|csc|cs|qs|qa|pa|p|r|a|s)?"
    r"[ ./:-]{0,2}){0,2}"
    r"(?:[a-z]{1,4}[ ./-]?)?\(?\d{1,6}[a-z]?\)?(?:[ ./-]{1,3}(?:[a-z]{1,4}[ ./-]?)?\(?(?:\d{1,6}[a-z]?|[a-z]"
    r"|[ivx]{1,4})\)?){0,3}[.)]?"
    r"|\(?(?:[a-z]|[ivx]{1,4})[.)]\)?",
    re.IGNORECASE,
)
NUMBERS_APART = re.compile(r"\d+(?:\s+\d+)+")
"""Numbers with spaces between, such as a telephone number: no reference."""
NUMERIC_DATE = re.compile(r"(?:by )?\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d")
INTEGER = re.compile(r"#?\d{1,4}\.?")
SIGN = re.compile(
    r"[\u2713\u2714\u2611\u2612\u2717\u2718\u2610\u25cb\u25d4\u25d1\u25d5\u25cf]+"
    r"|[\u2191\u2192\u2193\u25b2\u25bc\u25ba]+|\d{1,3} ?%|[yn]"
)
BOARD = re.compile(
    r"\b(?:boards?|panels?|committees?|groups?|forums?|cabinet|council|executive|meetings?|partnerships?|lscb|mscb|lscp"
    r"|smt|dmt|slt|cmt|sub-?group|commission|governors|trustees)$"
)
LEVELS = listed("""
    high medium low h m l med very high critical urgent essential desirable important routine moderate
    high/medium medium/high low/medium medium/low priority 1 2 3 p1 p2 p3
""") - {"1", "2", "3"}
MEASURED = re.compile(
    r"%|\b(?:number of|no\. of|percentage|per cent|proportion|rate of|rates? (?:of|per)|share of|timeliness"
    r"|average|median"
    r"|kpi|score(?:s|d)?|target of|baseline|within \d+|days|ratio|feedback from|audit grade|graded good"
    r"|survey results?)\b"
)
WISHED = re.compile(
    r"^(?:all |more |most |every |each |fewer |no )?(?:children|young people|families|parents|carers|child\b"
    r"|child's|babies"
    r"|siblings|care leavers|young carers|unborn|pupils|teenagers)|\b(?:are|feel|is|get|have|live|stay|know"
    r"|grow|benefit)"
    r" (?:safer?|sooner|better|heard|seen|well|less|more|fewer|happier|stable)|^(?:better|improved|safer|earlier|faster"
    r"|fewer|increased|reduced|stronger|greater)\b|outcomes? for"
)
DOCUMENTS = re.compile(
    r"\b(?:minutes|report|audits?|log|dashboard|screenshot|e-?mail|agenda|register|certificates?|records?|file|folder"
    r"|sharepoint|dip sample|sample|survey|templates?|slides|policy|handbook|newsletter|terms of reference|tor|rota"
    r"|signed|published|attendance|letters?|contract|spreadsheet|case notes|document|appendix)\b|\.(?:pdf|docx?"
    r"|xlsx?)|https?:"
)
REPORTS = re.compile(
    r"\b(?:reports?|audit(?:s|ing)?|summar(?:y|ies)|data ?sets?|scorecards?|dashboards?|performance|framework|returns?"
    r"|analysis|monthly|quarterly|weekly|surveys?|monitoring|data|feedback|tracker|supervision)\b"
)
PLANS = re.compile(
    r"\b(?:plans?|strateg(?:y|ies)|polic(?:y|ies)|frameworks?|protocols?|programmes?|charter|standards?|statement)$"
)
PARTNERS = re.compile(
    r"\b(?:police|health|schools?|education|nhs|icb|ccg|gps?|probation|housing|voluntary|community sector|camhs|cafcass"
    r"|courts?|fire|partners|agencies|hospitals?|midwi\w+|colleges?|charit(?:y|ies)|nurser(?:y|ies)|providers?|trust|parents)\b"
)
MONEY = re.compile(r"(?:£|€)\s?\d[\d,.]*(?:k|m)?|\d[\d,.]*k|nil cost|within budget|existing (?:budget|resources?)")
ONGOING = re.compile(
    r"(?:tbc|tba|t\.b\.c\.?|asap|immediate(?:ly)?|with immediate effect|to be (?:confirmed|agreed)|not set)\.?"
)
BRAG = re.compile(
    r"(?:b|r|a|g|w|p|red|amber|green|blue|grey|gray|yellow|white|purple|black|gold)"
    r"(?:\s?[/*\u2191\u2193+-]\s?(?:b|r|a|g|red|amber|green|blue))?[*]?(?: ?\((?:was|previously|now)? ?\w+\))?",
    re.IGNORECASE,
)
SAID_OF_STATUS = frozenset(phrase for phrases in COUNCIL_WORDS.values() for phrase in phrases) | frozenset(
    """
    open|overdue|on track|on target|on schedule|off track|at risk|behind|behind schedule|slipped|slipping|delayed|late
    |partially met|met|not met|partially achieved|not achieved|partly met|some issues|on plan|commenced|begun
    |pending|live
    |outstanding|not complete|incomplete|half done|nearly done|stalled|blocked|yes|no|partial|part|active|planned|due
    |awaiting sign off|not applicable|in train|in development|being drafted|drafted|with partners|to start|for review
    |in draft|signed off|up and running|moving|all done|not begun|not touched|half way|halfway|waiting|in hand
    |well advanced
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
MONTH = re.compile(rf"\b{MONTH_WORD}\b", re.IGNORECASE)
STATED_END = re.compile(
    r"\b(?:is|are|was|were|too|lack|lacks|not|miss(?:es)?|wait|need|needs|must|should|do not|does not)\b"
)
