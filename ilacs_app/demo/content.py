"""An invented council's plan for demonstrations, training and tests: 12 recommendations and 59 actions.

Northmoor Council does not exist and its people are role titles. Months are kept as offsets from the month of
the plan's own date, so that the plan reads as new whenever it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import MONTHS

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
    """One recommendation. A column's pieces stand in one row each, from the recommendation's first."""

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
    for number, one in enumerate(_RECOMMENDATIONS, start=1):
        for place, row in enumerate(one.rows):
            rows.append(
                [
                    str(number) if place == 0 else "",
                    one.text if place == 0 else "",
                    one.leads if place == 0 else "",
                    _piece(one.monitoring, place),
                    _piece(one.measures, place),
                    row.action,
                    _dated(row.timescale, dated_on),
                    _dated(row.note, dated_on),
                    _piece(one.partnership_focus, place),
                    _piece(one.link_plans, place),
                    _piece(one.boards, place),
                    one.impact if place == 0 else "",
                ]
            )
    return rows


def _piece(pieces: tuple[str, ...], place: int) -> str:
    return pieces[place] if place < len(pieces) else ""


def _dated(words: str, dated_on: date) -> str:
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

    return re.sub(r"\{(?P<form>short|full|month|year)(?P<offset>[+-]\d+)\}", month_words, words)


_NOT_DUE = "Not Due"
_SUPERVISION_MODEL = _Row(
    "Bring in outside support to rework our model of supervision, so that it asks for managers’ "
    "oversight with their reasons for each decision, and leaves room to reflect and to be "
    "challenged",
    "End {full+2}",
    _NOT_DUE,
)
_SUPERVISION_CHECK = _Row(
    "Design a short check of supervision records that shows whether sessions are thoughtful, test "
    "the work and leave a written reason for what was decided",
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
        text="Strengthen managers’ grip on practice in every team. Supervision should happen when it is "
        "due, help workers to think and be tested, and leave a clear record of why managers decided "
        "as they did.",
        leads="Deputy Director / Principal Social Worker",
        monitoring=("Performance Clinic Papers", "Case Audit Summaries"),
        measures=("Supervision on time in 90% of cases", "Oversight evidenced in 100% of audited records"),
        partnership_focus=("N/a",),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="We expect to see a difference for staff and for families.\n"
        "Staff – More workers will tell us that they feel supported and are growing in the job, and "
        "experienced people will stay longer.\n"
        "Families – Plans will keep moving, assessments will come on time, and fewer children will "
        "wait for the help that was agreed.",
        rows=(
            _Row(
                "Track how often supervision takes place in each team, from the weekly management report.",
                "Ongoing",
            ),
            _Row(),
            _SUPERVISION_MODEL,
            _SUPERVISION_CHECK,
            _Row(
                "Put team managers through a practice leadership award; link it to the supervisor standards.",
                "Throughout {year+0}",
            ),
            _Row(
                "Run a course for new managers across Northmoor on giving, and getting, good supervision",
                "End of {full+1}",
                _NOT_DUE,
            ),
            _Row("Sample supervision files each quarter and share what is found", "Ongoing"),
        ),
    ),
    _Recommendation(
        text="Give newly qualified social workers work that suits their experience, and hold the size of "
        "their caseloads within the national limits.",
        leads="Heads of Locality",
        monitoring=("Weekly Caseload Table",),
        measures=("Average of 15 cases for each worker in the assessed year",),
        partnership_focus=(
            "Partners’ staff know what the assessed year is for\n"
            "Partners’ staff offer newly qualified workers a mentor\n"
            "Agencies learn from each other’s standards for people new to a profession",
        ),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="Newly qualified workers will finish their assessed year and choose to stay with us.\n"
        "The hardest cases will be held by people with the experience for them, and decisions will be "
        "timely.",
        rows=(
            _Row(
                "Reissue the guidance on caseloads with a new average for the assessed year",
                "End {short-1}",
                "Completed – {short-1}",
            ),
            _Row(
                "Bring the guidance on supervision into line with the knowledge and skills statements, "
                "next to our new offer for the assessed year",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Set up a rota of team managers who look at each other’s allocations, to see that cases fit the worker",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Work out with partners how practice leaders can be paired with a mentor in another agency.",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Review how teams are made up and move posts to where newly qualified workers need support",
                "End {short+1}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="See that the plans of children in need are reviewed when they should be, and that what has "
        "changed is written down in supervision and weighed up in a fresh assessment.",
        leads="Heads of Locality",
        monitoring=("Monthly Performance Report", "Children in Need Audit Summaries"),
        measures=(
            "Every child in need reviewed at least every 6 months",
            "Managers’ oversight each quarter in 100% of audited cases",
        ),
        partnership_focus=("Partners’ staff take part in children in need reviews",),
        link_plans=(f"{_WORKFORCE}\nQuality Framework",),
        boards=(_MANAGEMENT_TEAM,),
        impact="Children will be on a plan for no longer than they need, and will move up or down a level "
        "of help without waiting. Fewer families will find that nothing has happened since the last "
        "visit.",
        rows=(
            _Row(
                "Send out the practice standards again and brief each team on what a review should cover.",
                "End {short-1}",
                "Partially Complete – Standards and guidance on children in need rewritten {short-1}",
            ),
            _Row(),
            _Row(
                "Send out the supervision policy again, with a manager’s entry that signs off the plan of "
                "each child in need, and brief those who will use it",
                "End {short-1}",
                "Partially Complete – Supervision policy rewritten {short-1}",
            ),
            _Row(
                note="Wording of the manager’s entry to be settled with service leads at the practice "
                "group, 23rd {month+0}"
            ),
            _Row(
                "Use the monthly report to see that no child in need reaches nine months without a review",
                "Ongoing",
            ),
            _SUPERVISION_MODEL,
            _SUPERVISION_CHECK,
        ),
    ),
    _Recommendation(
        text="Raise the standard of assessments, so that a reader understands what life is like for the "
        "child, and of the plans that follow, so that they say plainly what should change, by when, "
        "and whether it has.",
        leads="Principal Social Worker/ Heads of Locality",
        monitoring=("Audit Summaries",),
        measures=("Audit Grades",),
        partnership_focus=("Partners’ staff send full information in good time for assessments",),
        link_plans=(_WORKFORCE,),
        boards=(_MANAGEMENT_TEAM,),
        impact="Better understood children will have plans that fit them, decisions will rest on "
        "progress, and families will move to more or less help sooner",
        rows=(
            _Row(
                "Prepare and give training for all staff on plans with clear aims, together with the following;",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "New guidance with examples of a strong assessment",
                "End {short-1}",
                "Rewriting in progress. Two service leads to bring the draft to the practice group on 26th {short+0}",
            ),
            _Row(
                "Write a guide for partners on what to send for early help and specialist assessments",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row(
                "Workshops for team and service managers on coaching workers to assess better",
                "End {full+4}",
                _NOT_DUE,
            ),
            _Row(
                "Workshops for managers on using supervision to improve assessments and care plans",
                "End {full+4}",
                _NOT_DUE,
            ),
            _Row("Spread the use of chronologies that show the effect of events on the child", "Ongoing"),
            _Row("Carry on bringing in our strengths-based model of practice", "Ongoing"),
        ),
    ),
    _Recommendation(
        text="Look again at how notices of domestic abuse are sorted, and give police officers a plain "
        "rule for when a child should be referred to the council.",
        leads="MASH Service Manager/ Detective Superintendent",
        monitoring=("MASH Dashboard\nAudit Summaries",),
        measures=(
            "Rate of referrals after domestic abuse\nRate of repeat referrals where domestic abuse played a part",
        ),
        partnership_focus=(
            "One guide on notices for social workers and police\nPolice leaders check that officers know and use it",
        ),
        link_plans=("MASH Strategy",),
        boards=("MASH Operational Board",),
        impact="Children who live with abuse will be helped earlier, and fewer will be referred for it "
        "again. Where a child cannot be safe at home, we will act sooner",
        rows=(
            _Row(
                "Bring the agencies together for a day to walk through what happens to a notice",
                "End {short-1}",
                "Partially Completed – Date set with partners for 7th {short+0}. What comes of it goes to "
                "the next MASH Board",
            ),
            _Row("Give police officers new guidance on notices of domestic abuse", "End {short+1}", _NOT_DUE),
            _Row("Train police officers in levels of need and what can be offered", "End {short+2}", _NOT_DUE),
            _Row("Rewrite the MASH guidance on sorting notices", "End {full+2}", _NOT_DUE),
            _Row("Audit a sample of referrals that followed domestic abuse", "End {full+2}", _NOT_DUE),
            _Row("Audit how the MASH dealt with notices over one month", "End {full+2}", _NOT_DUE),
            _Row("Carry out what the two audits recommend", "End {full+3}", _NOT_DUE),
        ),
    ),
    _Recommendation(
        text="Make assessments of children in private fostering better, and review each arrangement with rigour.",
        leads="Private Fostering Manager/ Head of Quality",
        monitoring=("Weekly Private Fostering Table", "Findings of Private Fostering Audits"),
        measures=("Audit Grades",),
        partnership_focus=(
            "The MSCB and its partners help people to notice private fostering",
            "Partners add more to assessments and plans",
        ),
        link_plans=(_WORKFORCE, "MSCB Yearly Report"),
        boards=(_MANAGEMENT_TEAM, "MSCB"),
        impact="What a privately fostered child needs will be seen sooner, and where a lasting home is "
        "the answer the plan for it will be made in good time",
        rows=(
            _Row(
                "Send out the practice guidance on children in need again",
                "End {short-1}",
                "Completed – Guidance rewritten, and sent to all service managers in {short+10}",
            ),
            _Row("Prepare and start a new session for social workers who join us", "End {short+1}", _NOT_DUE),
            _Row(
                "Audit private fostering cases, and again every six months, to learn what has changed",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Build a record that keeps the child’s needs and the carer’s support plan apart",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row(
                "Ask reviewing officers to check a few private fostering assessments from time to time",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Hold a session in each locality, with schools’ safeguarding leads, on private fostering "
                "and on what makes ‘a good plan’",
                "End {full+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Find out how many children have an advocate or independent visitor at their child "
        "protection conference or care review, and raise that number.",
        leads="Principal Social Worker/ Head of Quality",
        monitoring=("Monthly Performance Report",),
        measures=("More than 90% of young people with independent support at a conference or review",),
        partnership_focus=("N/A",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="What children say will be heard in their plans and reviews, and more of them will want to take part",
        rows=(
            _Row("Count where we stand today", "End {short-1}", "Completed – {short-1}"),
            _Row("Work out what a larger offer would cost and who would staff it", "End {short+1}", _NOT_DUE),
            _Row("Start the larger offer of advocates and visitors", "End {short+1}", _NOT_DUE),
            _Row(
                "Tell social workers, reviewing officers and schools about independent visitors, with the "
                "help of the panel",
                "End {short+1}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Keep plans for a lasting home moving, so that no child waits longer than need be.",
        leads="Deputy Director /Head of Permanence",
        monitoring=("Court Work Tracker\nPermanence Clinic Papers\nAudit Summaries",),
        measures=(
            "Weeks from first court letter to decision\n"
            "Plan for a lasting home seen in audits\n"
            "Children in care with such a plan by the second review",
        ),
        partnership_focus=(
            "All who know the child help to plan and come to reviews\nPartners question plans where they should",
        ),
        link_plans=(f"{_CHILDREN_IN_CARE}\nReviewing Officers’ Yearly Report",),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Children will settle in their lasting home sooner, and do better as they grow up for it",
        rows=(
            _Row("Measure how long each step takes now", "End {short-1}", "Completed – {short-1}"),
            _Row(
                "Write and give training on planning for a lasting home to all staff",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Try the new planning meeting in the north locality with a voluntary partner, weigh up "
                "what it did, and take it to all localities within two months.",
                "Pilot – End {short+0}\nAll Localities – End {full+2}",
                "Pilot phase completed – new dates for weighing it up and for all localities are being agreed.",
            ),
        ),
    ),
    _Recommendation(
        text="Treat good life-story work as a priority for every child in our care, so that they can make "
        "sense of what has happened to them.",
        leads="Head of Permanence",
        monitoring=("Audit Summaries", "Half-yearly Fostering and Adoption Papers"),
        measures=("Audit Grades",),
        partnership_focus=("Partners know why a full life story matters and help us to make it",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(_CARE_GROUP, _CARE_PANEL),
        impact="Young people will know their own story, be stronger for it and do better as adults",
        rows=(
            _Row(
                "Audit life-story work by theme to learn what is strong and what is weak today",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row("Learning days for staff", "End {short+2}", _NOT_DUE),
            _Row(
                "Write and share a guide to life-story work with the best of our own examples",
                "End {short+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Make pathway plans better: they should fit the young person, cover education, and hold "
        "steps whose completion can be seen.",
        leads="Care Leavers Manager / Virtual School Head",
        monitoring=("Audit Summaries\nContract Monitoring of the Provider",),
        measures=("Pathway plans made and reviewed on time\nAudit Grades\nReports on the quality of PEPs",),
        partnership_focus=(
            "Partners add to plans and question them\nPartners open more chances of work and training for care leavers",
        ),
        link_plans=(f"{_CHILDREN_IN_CARE}\nReviewing Officers’ Yearly Report",),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Plans that can be followed will help young people to a good start. More will be in work "
        "or study, in a suitable home and well, and able to get help when they want it",
        rows=(
            _Row("Audit pathway plans to see how good they are now", "End {short+1}", _NOT_DUE),
            _Row("Learning days on pathway planning for the permanence teams", "End {short+2}", _NOT_DUE),
            _Row("Start a new way of checking quality in the leaving care service", "End {short+2}", _NOT_DUE),
            _Row(
                "Have a reviewing officer hold the first review of each pathway plan",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row(
                "Share strong PEPs, with names taken out, among schools, and ask schools to offer young "
                "people work experience",
                "End {short+2}",
                _NOT_DUE,
            ),
        ),
    ),
    _Recommendation(
        text="Help care leavers to look after their health, and give each of them an up-to-date account "
        "of their health history on the day that they leave care.",
        leads="Designated Nurse / Public Health Lead",
        monitoring=("Children’s Board Outcomes Table",),
        measures=("Health passports given\nLast health assessments done\nCare leavers with a GP",),
        partnership_focus=("N/a",),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}",),
        impact="Care leavers will know about their own health and find it easier to get the care that they need.",
        rows=(
            _Row(
                "Renew the health ‘passport’ and put each young person’s health history in it",
                "End {short+1}",
                _NOT_DUE,
            ),
            _Row(
                "Ask care leavers, in their own words, what the changes have done for them, and use what they say.",
                "End {full+2}",
                _NOT_DUE,
            ),
            _Row("Have reviewing officers report on this with their other findings.", "End {full+2}", _NOT_DUE),
        ),
    ),
    _Recommendation(
        text="Speed up the plans that will get every care leaver into a suitable home sooner.",
        leads="Head of Corporate Parenting / Strategic Housing Lead",
        monitoring=("Children’s Board Outcomes Table",),
        measures=("Enough homes for care leavers\nCare leavers in suitable homes kept for them alone",),
        partnership_focus=(
            "Local partners help care leavers to use the services near their home.\n"
            "Housing partners agree one route to a home for care leavers",
        ),
        link_plans=(_CHILDREN_IN_CARE,),
        boards=(f"{_CARE_GROUP}\n{_CARE_PANEL}\nStrategic Housing Board",),
        impact="There will be more kinds of home to choose from. More care leavers will keep a suitable "
        "one, and have the support that takes them on to a home of their own",
        rows=(
            _Row(
                "Agree with housing providers what we will buy together, so that there is more choice and "
                "support, and put the plan for enough homes into effect",
                "End {short+2}",
                _NOT_DUE,
            ),
            _Row("Open trial flats where care leavers can learn to run a home", "End {short+6}", _NOT_DUE),
            _Row("Settle one route by which care leavers get a home", "End {short+7}", _NOT_DUE),
            _Row(
                "Look again at the council’s rules for letting homes and the place that care leavers have in them",
                "End {short+14}",
                _NOT_DUE,
            ),
            _Row(
                "Choose a new provider of the leaving care service and see that planning for homes is well run",
                "End {short+6}",
                _NOT_DUE,
            ),
        ),
    ),
)
