"""Lines around a plan that are not part of it: titles, versions, page numbers, markings, sources, totals."""

from __future__ import annotations

import re

from ilacs_app.intake.reader.contents.document import visible
from ilacs_app.plan.parsing.dates import MONTH_WORD
from ilacs_app.text import plain

LONGEST_FURNITURE = 160

_DATE = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?{MONTH_WORD},? (?:20)?\d\d"
    r"|\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d|20\d\d(?: ?[/-] ?(?:20)?\d\d)?)"
)
_BODY = r"(?:board|panel|committee|cabinet|council|partnership|group|team|director|dcs|scrutiny|cslt|clt|slt|smt)"
_OFFICE = r"(?:office|team|unit|service|manager|officer|lead|director|department|directorate|assistant|secretary)"
_PLAN = (
    r"(?:(?:action|improvement|delivery|post[ -]inspection|ofsted|transformation|programme|implementation|recovery"
    r"|children's services) )+"
    r"(?:plan|tracker|programme|log|register|schedule|(?:monitoring|progress|update) report)s?"
)
_COUNCIL = r"[a-z'&, ]+ (?:council|borough|county|city|partnership|trust|services?)"
_CHANGED = (
    r"(?:last |next )?(?:updated?|reviewed?|amended|revised|refreshed|printed|published|issued|saved|exported|produced"
    r"|agreed|approved|signed off|correct|accurate)"
)
_MADE = r"(?:prepared|produced|compiled|written|maintained|owned|updated|completed|collated|issued|created)"

# Each must be the whole line, in small letters, with one kind of dash and without punctuation at its end.
_LINES: tuple[str, ...] = (
    # Pages and ends
    r"(?:page|sheet|p\.?) ?\d+(?: ?(?:of|/) ?\d+)?",
    r"\d+ ?(?:of|/) ?\d+ pages?",
    r"-* ?end(?: of (?:the )?(?:plan|document|report|table|action plan|schedule))? ?-*",
    r"(?:continued|cont'?d|continues)(?: (?:overleaf|on (?:the )?next page|from (?:the )?(?:previous|last) page))?",
    r"(?:this page|this space)(?: is)? (?:intentionally )?(?:left )?blank",
    # Markings
    r"official(?:[ -]+sensitive)?(?: ?[:(].*)?",
    r"(?:strictly )?(?:confidential|private|restricted|not protectively marked|unclassified)"
    r"(?: and confidential| use only)?",
    r"(?:not )?for (?:publication|internal use(?: only)?|information(?: only)?|decision|approval)",
    r"(?:final|working|live|current|latest|first|second|third)?[ -]*draft(?: (?:v\.?|version )?\d+(?:\.\d+)*)?"
    rf"(?: (?:for (?:comment|discussion|approval|consultation)|{_DATE}))?",
    r"(?:©|copyright|\(c\)).*",
    # Versions, dates, and who made it
    r"v(?:er(?:sion)?)?\.? ?(?:no\.? ?|number ?)?\d+(?:\.\d+)*"
    rf"(?: ?(?:[-,:;|(]|{_DATE}|as at|dated|agreed|final|draft).*)?",
    r"(?:version|document|file|plan|report) (?:control|number|no\.?|date|status|name|owner|author|reference) ?[:=-].*",
    rf"{_CHANGED}(?: on| at| as at| as of|:| -)* ?(?:the )?{_DATE}.*",
    rf"{_CHANGED} for .*\b{_BODY}\b.*{_DATE}.*",
    rf"(?:last |next )?(?:updated?|review(?: date)?)(?: to the [a-z]+)? ?[:=] ?.*{_DATE}.*",
    r"(?:position |status |progress |data |information |correct |accurate )?(?:as )?(?:at|of) (?:the )?" + _DATE + ".*",
    rf"{_MADE} (?:by|for|on behalf of)\b.*\b(?:{_OFFICE}|{_BODY})\b.*",
    rf"(?:agreed|approved|endorsed|signed off|ratified|noted|adopted) (?:by|at) (?:the )?[a-z' ]*\b{_BODY}\b"
    rf"(?:[ ,:-]+(?:on |in )?{_DATE}.*)?",
    r"(?:author|document owner|plan owner|report author|contact|file ?name|filename|filepath|path|date) ?[:=].*",
    # Where it came from, sums, keys
    r"(?:sources?|data sources?) ?[:=].*|source - .*",
    r"(?:grand |sub[ -]?)?totals?(?: (?:number )?(?:of )?(?:actions?|recommendations?|items?))?(?: ?[:=-]? ?\d+.*)?",
    r"(?:grand |sub[ -]?)?total ?: ?.*",
    r"(?:average|mean|median|sum|overall)(?: (?:progress|completion|score|per ?cent|percentage|total))?"
    r"(?: ?[:=-]? ?\d+.*)?",
    r"(?:number|count) of (?:actions?|recommendations?|items?)(?: ?[:=-]? ?\d+.*)?",
    r"(?:(?:b?rag|colour|status|rating) )?(?:key|legend)(?: to (?:ratings?|colours?|status))?(?: ?[:=-] ?.*)?",
    r"(?:b?rag|b/?r/?a/?g|r/?a/?g) ?[:=-] ?.*(?:red|amber|green|blue).*",
    r"(?:red|amber|green|blue|grey) ?[=:-] ?.*(?:red|amber|green|blue|grey) ?[=:-].*",
    r"(?:notes?|nb|n\.b\.?|footnotes?|abbreviations?|glossary|acronyms?) ?:.*",
    # Titles of the whole
    rf"(?:{_COUNCIL}[ :,-]+)?(?:the |our )?{_PLAN}(?:[ ,:;(-]*{_DATE}\)?)*",
    rf"{_PLAN} ?[:-] ?(?:summary|overview|contents|introduction|milestones|actions)",
    r"(?:contents|table of contents|introduction|foreword|summary|summary of progress|overview|appendix [a-z0-9]+)",
)
_WHOLE = re.compile("|".join(_LINES), re.ASCII)


def is_furniture(text: str) -> bool:
    """Return whether a line belongs to the page or the document and never to a plan, whatever is near it.

    It must be furniture as a whole: "Version 2.1, agreed by the board" is, "Version control for case files" is not.
    """
    line = plain(visible(text))
    return bool(line) and len(line) <= LONGEST_FURNITURE and bool(_WHOLE.fullmatch(line))
