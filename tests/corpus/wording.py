"""The words that invented plans are made of: aims, work, people, groups and news, as English councils write them."""

from __future__ import annotations

# What has to improve, and the work that answers it. Each action can be told from every other by its words.
THEMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Improve the quality and regularity of supervision so that it drives plans for children forward",
        "Supervision",
        (
            "Review the supervision policy and relaunch it with all team managers",
            "Introduce a reflective supervision template in the case system",
            "Train every practice supervisor in recording decisions with their reasons",
            "Dip sample 20 supervision records a month and report what they show",
            "Hold a monthly surgery for managers whose supervision is out of date",
            "Report supervision compliance by team in the weekly performance pack",
        ),
    ),
    (
        "Ensure that assessments consider the history of the family and the lived experience of each child",
        "Assessments",
        (
            "Run workshops on writing analytical assessments for all assessment teams",
            "Require a chronology before any assessment is signed off",
            "Pilot a shorter assessment form in the north locality",
            "Moderate ten completed assessments each fortnight with a senior practitioner",
            "Publish three examples of good assessments on the practice hub",
            "Set up coaching for newly qualified social workers on direct work tools",
        ),
    ),
    (
        "Strengthen management oversight at the front door so that thresholds are applied consistently",
        "Front door",
        (
            "Agree a revised threshold document with partners and publish it",
            "Appoint a dedicated decision maker for domestic abuse notifications",
            "Audit contacts that led to no further action over the last quarter",
            "Co-locate police and health colleagues in the hub three days a week",
            "Write guidance on repeat contacts and brief the duty teams",
            "Put in place a daily triage meeting chaired by a service manager",
        ),
    ),
    (
        "The timeliness of initial child protection conferences should improve",
        "Conferences",
        (
            "Recruit two further conference chairs on permanent contracts",
            "Revise the booking process so that rooms and chairs are held in advance",
            "Send conference reports to families three working days beforehand",
            "Track every late conference and record why it was late",
            "Offer parents advocacy before their first conference",
            "Agree an escalation route for agencies that send no report",
        ),
    ),
    (
        "Children who go missing from home or care should be offered a prompt return home interview",
        "Missing children",
        (
            "Commission an independent provider of return home interviews",
            "Match missing episodes with exploitation screening every week",
            "Produce a monthly profile of children missing more than three times",
            "Deliver training on push and pull factors to residential staff",
            "Share learning from return interviews with the vulnerable adolescents panel",
            "Update the joint missing protocol with the police",
        ),
    ),
    (
        "Care leavers need better pathway plans and a wider choice of suitable accommodation",
        "Care leavers",
        (
            "Co-produce a new pathway plan with the care leavers' forum",
            "Secure 15 additional supported tenancies with housing associations",
            "Create a local offer leaflet and an app version of it",
            "Assign a personal adviser from the age of sixteen and a half",
            "Negotiate council tax exemption for care leavers up to 25",
            "Open a weekly drop-in for young people not in work or training",
        ),
    ),
    (
        "Increase the stability of the workforce and reduce reliance on agency social workers",
        "Workforce",
        (
            "Launch a recruitment campaign with a refreshed microsite",
            "Offer a retention payment to staff in hard-to-fill posts",
            "Convert twelve agency placements to permanent contracts",
            "Complete exit interviews within ten days and analyse the themes",
            "Develop a career progression framework for social workers",
            "Bring caseloads in the safeguarding teams down to eighteen",
        ),
    ),
    (
        "Improve permanence planning so that no child waits longer than needed for a lasting home",
        "Permanence",
        (
            "Establish a permanence tracker that is reviewed fortnightly",
            "Hold a permanence planning meeting by the second review",
            "Brief independent reviewing officers on early permanence",
            "Reduce the time between placement order and match to 120 days",
            "Recruit twenty early permanence carers through the regional agency",
            "Refresh the life story work guidance and buy new materials",
        ),
    ),
    (
        "Quality assurance must tell leaders what difference practice makes and lead to change",
        "Quality assurance",
        (
            "Implement a new audit tool with a moderation step",
            "Involve parents and children in at least half of all audits",
            "Present a quarterly learning report to the leadership team",
            "Close the loop on audit actions within six weeks",
            "Commission a peer review of the audit programme",
            "Link audit findings to individual training plans",
        ),
    ),
    (
        "Ensure that the voice of children shapes their plans and the services that they use",
        "Voice of the child",
        (
            "Roll out a children's feedback app to all looked after children",
            "Increase attendance of young people at their reviews",
            "Fund two participation apprentices from the care population",
            "Publish a you said, we did report each term",
            "Include a child's own words on the first page of every plan",
            "Recruit young inspectors to visit children's homes",
        ),
    ),
    (
        "Private fostering arrangements should be identified, assessed and reviewed",
        "Private fostering",
        (
            "Run an awareness campaign with schools and language colleges",
            "Nominate a private fostering champion in each locality",
            "Check school admissions data for unrelated carers every half term",
            "Produce a leaflet for carers in six community languages",
            "Report notifications to the partnership twice a year",
            "Visit every known arrangement within seven days of notification",
        ),
    ),
    (
        "Early help should reach families sooner and step down from statutory services should be smooth",
        "Early help",
        (
            "Map the early help offer and fill gaps in the rural wards",
            "Simplify the early help assessment to four pages",
            "Place an early help coordinator in each family hub",
            "Agree step-down criteria and test them with thirty cases",
            "Train 150 lead professionals across schools and health",
            "Set up a parenting programme for fathers",
        ),
    ),
    (
        "Improve health outcomes for looked after children through timely assessments",
        "Health of looked after children",
        (
            "Clear the backlog of initial health assessments",
            "Negotiate a service specification with the integrated care board",
            "Notify health of every new placement within two working days",
            "Introduce a strengths and difficulties questionnaire tracker",
            "Purchase dental access sessions from two practices",
            "Provide carers with a health passport for each child",
        ),
    ),
    (
        "Strategy discussions must involve all relevant agencies and be recorded fully",
        "Strategy discussions",
        (
            "Set a standard agenda for strategy discussions",
            "Invite health to every strategy discussion through a single mailbox",
            "Measure attendance by agency and share it monthly",
            "Design a recording form with mandatory safety planning",
            "Deliver joint investigation training with the police",
            "Sample 30 strategy discussions against the standard",
        ),
    ),
    (
        "Placement sufficiency needs to grow so that children live close to home",
        "Sufficiency",
        (
            "Refresh the sufficiency strategy with a three year forecast",
            "Approve 25 new mainstream fostering households",
            "Build two small children's homes on council land",
            "Join the regional framework for residential care",
            "Start a mockingbird constellation in the east of the borough",
            "Assess connected carers within the court timetable",
        ),
    ),
    (
        "Leaders should use performance information to understand and challenge practice",
        "Performance information",
        (
            "Build a live dashboard for team managers",
            "Correct the data quality faults listed by the regulator",
            "Schedule performance clinics with each head of service",
            "Define twelve indicators that the board will watch",
            "Write a guide to reading the monthly data set",
            "Automate the weekly exception report on visits",
        ),
    ),
)

# Told apart from the first by where or whom they are for, so that a large plan repeats no action.
TAILS: tuple[str, ...] = (
    "",
    "in the west locality",
    "for disabled children",
    "with the virtual school",
    "for children placed out of area",
    "across the family hubs",
    "for unaccompanied young people",
)

FIRST_NAMES = (
    "Amara", "Bethan", "Callum", "Deepa", "Elinor", "Farouk", "Gwen", "Harjit", "Imogen", "Jerome", "Keira", "Lorcan",
    "Maddox", "Nadia", "Osian", "Priya", "Quentin", "Rhona", "Saffron", "Tobias", "Una", "Vikram", "Wanda", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Ashgrove", "Brindlewood", "Copthwaite", "Dunmarsh", "Elmhollow", "Fenwicke-Lane", "Garthside", "Hollinrake-Moss",
    "Inglebeck", "Jarrowdale", "Kestrelton", "Larchmere", "Mossgarth", "Netherpool", "Oakencroft", "Pellbrook",
    "Quarrydene", "Rushmoorland", "Silverbeck", "Thistledown",
)  # fmt: skip
JOB_TITLES = (
    "Head of Safeguarding", "Service Manager Assessment", "Principal Social Worker", "Head of Corporate Parenting",
    "Assistant Director Social Care", "Quality Assurance Manager", "Team Manager Front Door", "Head of Early Help",
    "Virtual School Head", "Designated Nurse", "Performance Lead", "Fostering Service Manager", "HR Business Partner",
    "Independent Reviewing Manager", "Director of Children's Services", "Detective Inspector", "Commissioning Manager",
    "Participation Officer", "Head of Service LAC", "Workforce Development Lead",
)  # fmt: skip
BOARDS = (
    "Improvement Board", "Corporate Parenting Panel", "Safeguarding Children Partnership", "Children's Management Team",
    "MASH Operational Board", "Workforce Board", "Quality Assurance Group", "Early Help Partnership Board",
)  # fmt: skip
MEASURES = (
    "90% of supervision in time", "Re-referrals below 20%", "85% of assessments in 45 days", "Vacancy rate under 10%",
    "95% of reviews in time", "75% of audits good or better", "All visits within ten working days",
    "At least 80% of care leavers in touch", "Conferences in 15 days: 92%",
)  # fmt: skip
IMPACTS = (
    "Children are safer sooner", "Families tell their story once", "Children have a lasting home without delay",
    "Young people feel listened to", "Care leavers are ready to live on their own", "Children keep the same worker",
    "Plans are clear to parents and to children", "Risk is recognised early",
)  # fmt: skip
EVIDENCE = (
    "Minutes of the practice forum", "Audit report, January", "Signed protocol", "Training register",
    "Team briefing slides", "Data set, table 4", "Survey of 40 families",
)  # fmt: skip
# News of work: while it goes on, once it is done, and before it begins.
NEWS_GOING = (
    "The first draft was shared with managers and comments are being collected.",
    "Two of the four sessions have been held; attendance was 85%.",
    "Interviews took place last week and one offer has been made.",
    "A working group meets every fortnight and has agreed its terms of reference.",
    "Funding was approved by cabinet; the tender opens next month.",
    "Slower than planned because of vacancies in the north team.",
    "The provider has been chosen and the contract is with legal services.",
    "Consultation with staff ran for three weeks and is being analysed.",
)
NEWS_DONE = (
    "All teams were briefed and the guidance is on the hub.",
    "The board signed this off and monitoring has passed to the service.",
    "The new form is live in the case system for every team.",
    "Sampling shows that the change has held for two months.",
    "The post was filled and the new manager is in place.",
)
NEWS_BEFORE = (
    "Waiting for the policy review before this can begin.",
    "Scheduled for the next financial year.",
    "A lead has been named; the scope is to be agreed.",
    "",
)
NUMBERS = (
    "{n} of {m} staff have attended so far.",
    "The last sample found {n} cases that need more work.",
    "{m}% of families replied.",
    "Next look at this in {n} weeks.",
    "{m} records were checked by {n} managers.",
    "See item {n} of the board's papers.",
)
RISKS = (
    ("Budget pressure delays recruitment", "High", "Medium", "Finance Business Partner", "31/12/2026"),
    ("Partners do not release staff for training", "Medium", "Medium", "Partnership Manager", "30/09/2026"),
    ("Case system upgrade slips", "Low", "High", "Systems Manager", "31/03/2027"),
    ("Agency market tightens", "High", "High", "HR Business Partner", "28/02/2027"),
)
