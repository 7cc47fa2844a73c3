"""An invented council's plan for demonstrations, training and tests: 12 recommendations and 59 actions.

Northmoor Council does not exist and its people are role titles. Months are kept as offsets from the month of
the plan's own date, so that the plan reads as new whenever it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import MONTHS

GLOSSARY = {
    "LAC": "looked after children",
    "MASH": "multi-agency safeguarding hub",
    "MSCB": "multi-agency safeguarding children board",
    "PEP": "personal education plan",
}
"""What the abbreviations of the plan stand for."""
COUNCIL = "Northmoor Council"
HEADER = (
    "No",
    "Recommendation",
    "Lead",
    "Performance Management Framework",
    "Measure",
    "Action",
    "Timescale reported at end of month",
    "Progress Note",
    "Partnership Focus",
    "Link Plans",
    "Governance",
    "Impact",
)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class _Row:
    """One row's action. Without a text, the row continues the action above or is left to other columns."""

    action: str = ""
    timescale: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Recommendation:
    """One recommendation. A column's pieces are in one row each, from the recommendation's first."""

    text: str
    leads: str
    monitoring: tuple[str, ...]
    measures: tuple[str, ...]
    partnership_focus: tuple[str, ...]
    link_plans: tuple[str, ...]
    boards: tuple[str, ...]
    impact: str
    rows: tuple[_Row, ...]


def demo_plan_rows(dated_on: date) -> list[list[str]]:
    """The plan as the table that a council prints: a header and 62 rows of 12 cells.

    `dated_on` is the plan's own date; every month in the words is counted from its month. Cells are text with
    line breaks as "\\n", blank where a real table is merged; three rows hold no action, as there.
    """
    rows = [list(HEADER)]
    for number, given in enumerate(_RECOMMENDATIONS, start=1):
        for place, row in enumerate(given.rows):
            rows.append(
                [
                    str(number) if place == 0 else "",
                    given.text if place == 0 else "",
                    given.leads if place == 0 else "",
                    _piece(given.monitoring, place),
                    _piece(given.measures, place),
                    row.action,
                    _dated(row.timescale, dated_on),
                    _dated(row.note, dated_on),
                    _piece(given.partnership_focus, place),
                    _piece(given.link_plans, place),
                    _piece(given.boards, place),
                    given.impact if place == 0 else "",
                ]
            )
    return rows


def _piece(pieces: tuple[str, ...], place: int) -> str:
    return pieces[place] if place < len(pieces) else ""


def _dated(text: str, dated_on: date) -> str:
    """Fill in {short+2} as "Apr 2018", {full+2} as "April 2018", {month+2} as "Apr", {year+2} as "2018"."""

    def month_words(match: re.Match[str]) -> str:
        year, month = divmod(dated_on.year * 12 + dated_on.month - 1 + int(match["offset"]), 12)
        forms = {
            "short": f"{_SHORT_MONTHS[month]} {year}",
            "full": f"{MONTHS[month]} {year}",
            "month": _SHORT_MONTHS[month],
            "year": str(year),
        }
        return forms[match["form"]]

    return re.sub(r"\{(?P<form>short|full|month|year)(?P<offset>[+-]\d+)\}", month_words, text)


_NOT_DUE = "Not Due"
_SUPERVISION_MODEL = _Row(
    "Commission an external partner to review our supervision model, so that it records management "
    "oversight and the rationale for decisions, and makes time for reflection and challenge",
    "End {full+2}",
    _NOT_DUE,
)
_SUPERVISION_CHECK = _Row(
    "Introduce a supervision audit tool that tests whether sessions are reflective, challenge "
    "practice and record the rationale for decisions",
    "End {full+2}",
    _NOT_DUE,
)
_WORKFORCE = "Workforce Development Strategy"
_CHILDREN_IN_CARE = "LAC Strategy"
_MANAGEMENT_TEAM = "Children’s Management Team"
_CARE_GROUP = "LAC Strategy Group"
_CARE_PANEL = "Corporate Parenting Panel"

_RECOMMENDATIONS = (
    _Recommendation(
        text="Strengthen management oversight in every team. Supervision should be timely, reflective and "
        "challenging, and record clearly why decisions were made.",
        leads="Deputy Director / Principal Social Worker",
        monitoring=("Performance Clinic Papers", "Case Audit Summaries"),
        measures=("Supervision on time in 90% of cases", "Management oversight evident in 100% of audited records"),
        partnership_focus=("N/a",),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="Staff and families will see a difference.\n"
        "Staff – More social workers will say that they feel supported and are developing, and "
        "experienced staff will stay longer.\n"
        "Families – Plans will progress without drift, assessments will be timely, and fewer children "
        "will experience delay in getting help.",
        rows=(
            _Row(
                "Monitor supervision frequency in each team through the weekly performance report.",
                "Ongoing",
            ),
            _Row(),
            _SUPERVISION_MODEL,
            _SUPERVISION_CHECK,
            _Row(
                "Enrol team managers on a practice leadership programme linked to the practice supervisor standards.",
                "Throughout {year+0}",
            ),
            _Row(
                "Deliver supervision training to all new managers",
                "End of {full+1}",
                _NOT_DUE,
            ),
            _Row("Dip sample supervision files each quarter and share the learning", "Ongoing"),
        ),
    ),
    _Recommendation(
        text="Ensure that newly qualified social workers hold cases that match their experience, and that "
        "caseloads stay within national guidance.",
        leads="Heads of Locality",
        monitoring=("Weekly Caseload Table",),
        measures=("Average caseload of 15 for social workers in their assessed year",),
        partnership_focus=(
            "Partners understand the assessed and supported year\n"
            "Partners offer mentoring to newly qualified social workers\n"
            "Agencies share their standards for newly qualified staff",
        ),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="Newly qualified social workers will complete their assessed year and choose to stay.\n"
        "Experienced social workers will hold the most complex cases, and decisions will be timely.",
        rows=(
            _Row(
                "Reissue the caseload guidance with a revised average for the assessed year",
                "End {short-1}",
                "Completed – {short-1}",
            ),
            _Row(
                "Align the supervision guidance with the knowledge and skills statements and our new offer for "
                "the assessed year",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Set up peer review of case allocations by team managers on a rota",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Agree with partners a cross-agency mentoring scheme for practice leaders.",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Review team structures and move posts to support newly qualified social workers",
                "End {short+1}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Ensure that child in need plans are reviewed on time, and that changes are recorded in "
        "supervision and lead to an updated assessment.",
        leads="Heads of Locality",
        monitoring=("Monthly Performance Report", "Children in Need Audit Summaries"),
        measures=(
            "Every child in need reviewed at least every 6 months",
            "Quarterly management oversight in 100% of audited cases",
        ),
        partnership_focus=("Partners attend child in need reviews",),
        link_plans=(f"{_WORKFORCE}\nQuality Framework",),
        boards=(_MANAGEMENT_TEAM,),
        impact="Children will be on a plan for no longer than they need, and will step up or step down "
        "without delay. Fewer families will experience drift.",
        rows=(
            _Row(
                "Reissue the practice standards and brief each team on what a review should cover.",
                "End {short-1}",
                "Partially Complete – Practice standards and child in need guidance revised {short-1}",
            ),
            _Row(),
            _Row(
                "Reissue the supervision policy, with management sign-off of each child in need plan, and brief "
                "all supervisors",
                "End {short-1}",
                "Partially Complete – Supervision policy revised {short-1}",
            ),
            _Row(note="Sign-off wording to be agreed at the practice group, 23rd {month+0}"),
            _Row(
                "Use the monthly report to ensure no child in need goes nine months without a review",
                "Ongoing",
            ),
            _SUPERVISION_MODEL,
            _SUPERVISION_CHECK,
        ),
    ),
    _Recommendation(
        text="Improve the quality of assessments, so that they capture the child’s lived experience, and of "
        "plans, so that they are specific about what needs to change, by when, and what has changed.",
        leads="Principal Social Worker/ Heads of Locality",
        monitoring=("Audit Summaries",),
        measures=("Audit Grades",),
        partnership_focus=("Partners share full and timely information for assessments",),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="Children will have plans that meet their needs, decisions will be based on progress, and "
        "families will step up or step down sooner",
        rows=(
            _Row(
                "Deliver training to all staff on SMART planning, supported by the following;",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "New assessment guidance with examples of good practice",
                "End {short-1}",
                "Draft in progress. Two service leads to present it to the practice group on 26th {short+0}",
            ),
            _Row(
                "Publish guidance for partners on contributing to early help and specialist assessments",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row(
                "Workshops for team and service managers on coaching social workers in assessment",
                "End {full+4}",
                _NOT_DUE,
            ),
            _Row(
                "Workshops for managers on using supervision to improve assessments and care plans",
                "End {full+4}",
                _NOT_DUE,
            ),
            _Row("Embed the use of chronologies that show the impact of events on the child", "Ongoing"),
            _Row("Continue to roll out our strengths-based practice model", "Ongoing"),
        ),
    ),
    _Recommendation(
        text="Review how domestic abuse notifications are triaged, and give police officers clear "
        "thresholds for referring a child.",
        leads="MASH Service Manager/ Detective Superintendent",
        monitoring=("MASH Dashboard\nAudit Summaries",),
        measures=("Rate of domestic abuse referrals\nRate of re-referrals where domestic abuse is a factor",),
        partnership_focus=(
            "Joint notification guidance for social workers and police\nPolice leaders check that it is used",
        ),
        link_plans=("MASH Strategy",),
        boards=("MASH Operational Board",),
        impact="Children living with domestic abuse will get help earlier, and re-referrals will fall. Where "
        "a child cannot be safe at home, we will act sooner",
        rows=(
            _Row(
                "Hold a multi-agency workshop to map the notification pathway",
                "End {short-1}",
                "Partially Completed – Workshop agreed with partners for 7th {short+0}. Outcomes will be reported "
                "to the next MASH Board",
            ),
            _Row("Issue new guidance to police officers on domestic abuse notifications", "End {short+1}", _NOT_DUE),
            _Row("Train police officers in levels of need and the services available", "End {short+2}", _NOT_DUE),
            _Row("Revise the MASH triage guidance", "End {full+2}", _NOT_DUE),
            _Row("Dip sample 20 referrals following domestic abuse", "End {full+2}", _NOT_DUE),
            _Row("Audit one month of domestic abuse notifications in the MASH", "End {full+2}", _NOT_DUE),
            _Row("Implement the recommendations of both audits", "End {full+3}", _NOT_DUE),
        ),
    ),
    _Recommendation(
        text="Improve private fostering assessments and review each arrangement rigorously.",
        leads="Private Fostering Manager/ Head of Quality",
        monitoring=("Weekly Private Fostering Table", "Findings of Private Fostering Audits"),
        measures=("Audit Grades",),
        partnership_focus=(
            "The MSCB and its partners raise awareness of private fostering",
            "Partners contribute more to assessments and plans",
        ),
        link_plans=(_WORKFORCE, "MSCB Annual Report"),
        boards=(_MANAGEMENT_TEAM, "MSCB"),
        impact="The needs of privately fostered children will be identified sooner, and permanence plans will "
        "be made without delay",
        rows=(
            _Row(
                "Reissue the child in need practice guidance",
                "End {short-1}",
                "Completed – Guidance revised and issued to all service managers in {short+10}",
            ),
            _Row("Launch a new induction session for social workers", "End {short+1}", _NOT_DUE),
            _Row(
                "Audit private fostering cases every six months to measure improvement",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Develop a case record that separates the child’s needs from the carer’s support plan",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row(
                "Ask independent reviewing officers to dip sample private fostering assessments",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Hold a workshop in each locality with designated safeguarding leads on private fostering and "
                "‘what a good plan looks like’",
                "End {full+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Establish how many children have an advocate or independent visitor at their child protection "
        "conference or looked after review, and increase it.",
        leads="Principal Social Worker/ Head of Quality",
        monitoring=("Monthly Performance Report",),
        measures=("90% of children have independent support at a conference or review",),
        partnership_focus=("N/A",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Children’s voices will be heard in their plans and reviews, and more children will take part",
        rows=(
            _Row("Establish the baseline", "End {short-1}", "Completed – {short-1}"),
            _Row("Cost an expanded advocacy offer and its staffing", "End {short+1}", _NOT_DUE),
            _Row("Launch the expanded advocacy and independent visitor offer", "End {short+1}", _NOT_DUE),
            _Row(
                "Promote independent visitors to social workers, reviewing officers and schools, with the panel’s "
                "support",
                "End {short+1}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Progress permanence plans without delay for every child.",
        leads="Deputy Director /Head of Permanence",
        monitoring=("Court Work Tracker\nPermanence Clinic Papers\nAudit Summaries",),
        measures=(
            "Weeks from letter before proceedings to decision\n"
            "Permanence plan evident in audits\n"
            "Children in care with a permanence plan by their second review",
        ),
        partnership_focus=(
            "Partners contribute to planning and attend reviews\nPartners challenge plans where needed",
        ),
        link_plans=(f"{_CHILDREN_IN_CARE}\nIRO Annual Report",),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Children will achieve permanence sooner and have better outcomes",
        rows=(
            _Row("Baseline the timeliness of each stage", "End {short-1}", "Completed – {short-1}"),
            _Row(
                "Deliver permanence planning training to all staff",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Pilot the new permanence planning meeting in the north locality with a voluntary partner, "
                "evaluate it, and roll it out to all localities within two months.",
                "Pilot – End {short+0}\nAll Localities – End {full+2}",
                "Pilot phase completed – dates for the evaluation and full roll-out are being agreed.",
            ),
        ),
    ),
    _Recommendation(
        text="Prioritise good life-story work for every child in our care, so that they can make sense of "
        "their history.",
        leads="Head of Permanence",
        monitoring=("Audit Summaries", "Six-monthly Fostering and Adoption Reports"),
        measures=("Audit Grades",),
        partnership_focus=("Partners understand the importance of life-story work and contribute to it",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(_CARE_GROUP, _CARE_PANEL),
        impact="Young people will understand their own story and be more resilient as adults",
        rows=(
            _Row(
                "Carry out a thematic audit of life-story work",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row("Deliver life-story learning events for staff", "End {short+2}", _NOT_DUE),
            _Row(
                "Publish a life-story toolkit with examples of good practice",
                "End {short+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Improve pathway plans, so that they are personal, cover education, and set measurable steps.",
        leads="Care Leavers Manager / Virtual School Head",
        monitoring=("Audit Summaries\nProvider Contract Monitoring",),
        measures=("Pathway plans completed and reviewed on time\nAudit Grades\nPEP quality reports",),
        partnership_focus=(
            "Partners contribute to and challenge plans\nPartners offer more work and training to care leavers",
        ),
        link_plans=(f"{_CHILDREN_IN_CARE}\nIRO Annual Report",),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Clear plans will help young people make a good start. More care leavers will be in education, "
        "employment or training, in suitable homes, and able to get help when they need it",
        rows=(
            _Row("Audit the quality of pathway plans", "End {short+1}", _NOT_DUE),
            _Row("Deliver pathway planning workshops to the permanence teams", "End {short+2}", _NOT_DUE),
            _Row("Introduce a quality assurance framework in the leaving care service", "End {short+2}", _NOT_DUE),
            _Row(
                "Independent reviewing officers to chair the first review of each pathway plan",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Share anonymised examples of good PEPs with schools, and ask schools to offer work experience",
                "End {short+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Support care leavers with their health, and give each of them an up-to-date health history "
        "when they leave care.",
        leads="Designated Nurse / Public Health Lead",
        monitoring=("Children’s Board Outcomes Table",),
        measures=("Health passports issued\nFinal health assessments completed\nCare leavers registered with a GP",),
        partnership_focus=("N/a",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Care leavers will understand their health history and find it easier to get the care they need.",
        rows=(
            _Row(
                "Relaunch the health ‘passport’ with each young person’s health history",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Gather care leavers’ feedback on the changes and act on it.",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row(
                "Independent reviewing officers to report on health passports in their annual report.",
                "End {full+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Accelerate plans to give every care leaver suitable accommodation.",
        leads="Head of Corporate Parenting / Strategic Housing Lead",
        monitoring=("Children’s Board Outcomes Table",),
        measures=("Sufficiency of homes for care leavers\nCare leavers in suitable accommodation",),
        partnership_focus=(
            "Local partners help care leavers to use services near their home.\n"
            "Housing partners agree one housing pathway for care leavers",
        ),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}\nStrategic Housing Board",),
        impact="Care leavers will have more choice of accommodation. More will keep a suitable home, with the "
        "support to move on to a tenancy of their own",
        rows=(
            _Row(
                "Agree joint commissioning with housing providers to increase choice and support, and implement "
                "the sufficiency strategy",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row("Open training flats where care leavers can learn to manage a tenancy", "End {short+6}", _NOT_DUE),
            _Row("Agree one housing pathway for care leavers", "End {short+7}", _NOT_DUE),
            _Row(
                "Review the council’s allocations policy and the priority it gives care leavers",
                "End {short+14}",
                _NOT_DUE,
            ),
            _Row(
                "Commission a new leaving care provider and quality assure its housing planning",
                "End {short+6}",
                _NOT_DUE,
            ),
        ),
    ),
)
