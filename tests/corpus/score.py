"""Lay a reading beside its answer: what was found, what is right, what was asked, and what is wrong in silence.

Wrong in silence is a value that differs from the answer, is not marked a guess, and has no problem that names its row
or its column. A problem counts for a value only where it is about it: one of the row as a whole, or of the row and the
value's own column, or of the column.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ilacs_app.plan.plan_file import FileAction, FileProblem, FileRecommendation, PlanFile
from tests.corpus.answers import ActionAnswer, Answer, DueAnswer, RecommendationAnswer, StatusAnswer

CORE = ("recommendation", "action", "person", "timescale", "status", "note")
_CORE_OF = {"leads": "person", "owners": "person", "brag": "status"}
# Any of these is right for a column of the first.
_AS_WELL: Mapping[str, frozenset[str]] = {
    "leads": frozenset({"leads", "owners"}),
    "owners": frozenset({"leads", "owners"}),
    "status": frozenset({"status", "brag"}),
    "brag": frozenset({"status", "brag"}),
    "number": frozenset({"number", "ref"}),
    "ref": frozenset({"number", "ref"}),
}
_NEAR = {
    "timescale": ("timescale", "revised_timescale"),
    "status": ("status", "brag", "note"),
    "completed": ("status", "brag", "note"),
    "owners": ("owners", "leads"),
}
_COUNTS = (
    "files",
    "refused",
    "expected",
    "found",
    "invented",
    "merged",
    "lost",
    "misplaced",
    "columns",
    "columns_right",
    "core",
    "core_right",
    "core_shown_as_guess",
)
_MARK = re.compile(r"^\s*(?:[•◦▪*\-–—]\s*|\(?[a-z0-9]{1,2}[.)]\s+)", re.IGNORECASE)
# "Recommendation 3: ...", "2. ...", "Outcome: ..." before the words themselves.
_LABEL = re.compile(r"^\s*(?:[a-z]+(?: [a-z]+)?\s*\d{0,2}\s*[.:)–—-]\s+|\d{1,2}(?:\s*[.:)–—-]\s*|\s+))", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What the product made of a file: a plan with the names of its columns, or the sentence of its refusal."""

    plan: PlanFile | None
    column_names: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""


@dataclass
class Score:
    """Counts by what they count. ``values`` by field and verdict: right, asked right, asked, silent, lost."""

    files: int = 0
    refused: int = 0
    expected: int = 0
    found: int = 0
    invented: int = 0
    merged: int = 0
    lost: int = 0
    misplaced: int = 0
    columns: int = 0
    columns_right: int = 0
    core: int = 0
    core_right: int = 0
    core_shown_as_guess: int = 0
    values: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name, counts in other.values.items():
            self.values[name].update(counts)
        self.misses += other.misses

    def verdicts(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for counts in self.values.values():
            total.update(counts)
        return total

    @property
    def actions_right(self) -> float:
        """Actions under the right recommendation, as a share of those that there are or were invented."""
        return self.found / max(1, self.expected + self.invented)

    def share(self, *verdicts: str) -> float:
        total = self.verdicts()
        return sum(total[verdict] for verdict in verdicts) / max(1, sum(total.values()))

    @property
    def silent(self) -> int:
        return self.verdicts()["silent"]


def plain(text: str) -> str:
    """Words to compare: no marks, no case, single spaces, no punctuation at the end."""
    return " ".join(text.split()).casefold().strip(" .,:;")


def _undressed(heading: str) -> str:
    """A heading without the figure before it or the footnote's mark after it."""
    return plain(re.sub(r"^\d{1,2}\.\s+|\[\d+\]$", "", heading.strip()))


def unmarked(text: str) -> str:
    return plain(_MARK.sub("", text, count=1))


def score(answer: Answer, read: Read) -> Score:
    """The score of one file."""
    made = Score(files=1, expected=sum(len(one.actions) for one in answer.recommendations))
    if read.plan is None:
        made.refused, made.lost = 1, made.expected
        made.misses.append(f"refused: {read.refusal}")
        for one in answer.recommendations:
            for _ in one.actions:
                made.values["action"]["lost"] += 1
        _score_columns(made, answer, ())
        return made
    _Beside(answer, read, read.plan, made).score()
    return made


def _score_columns(made: Score, answer: Answer, columns: Iterable[tuple[str, str | None, str]]) -> None:
    listed = [(_undressed(heading), name, how) for heading, name, how in columns]
    seen: set[str] = set()
    for heading, name in answer.columns.items():
        if "+" in name:
            continue
        exact = [one for one in listed if one[0] == plain(heading)]
        near = exact or [one for one in listed if plain(heading) in one[0]]
        fields = {one[1] for one in near}
        if name:
            right = bool(fields & _AS_WELL.get(name, frozenset({name})))
        else:
            right = not fields & {
                "recommendation",
                "action",
                "owners",
                "leads",
                "timescale",
                "status",
                "revised_timescale",
            }
        made.columns += 1
        made.columns_right += right
        core = _CORE_OF.get(name, name)
        if core in CORE and heading not in seen:
            seen.add(heading)
            made.core += 1
            made.core_right += right
            made.core_shown_as_guess += right and all(one[2] in ("guess", "contents") for one in near)
        if not right:
            made.misses.append(f"column “{heading}” is {name or 'none of ours'}, read as {sorted(map(str, fields))}")


class _Beside:
    """One answer beside one reading."""

    def __init__(self, answer: Answer, read: Read, plan: PlanFile, made: Score) -> None:
        self.answer, self.plan, self.made = answer, plan, made
        self.names = read.column_names
        self.headings: dict[str, set[str]] = defaultdict(set)
        for heading, name in answer.columns.items():
            for one in name.split("+"):
                self.headings[one].add(heading)
        self.guessed_fields = {c.field for c in plan.columns if c.how in ("guess", "contents")}
        self.guessed_headings = {_undressed(c.heading) for c in plan.columns if c.how in ("guess", "contents")}
        self.places = [a.at for a in plan.actions] + [r.at for r in plan.recommendations]
        self.taken: set[int] = set()

    def score(self) -> None:
        _score_columns(self.made, self.answer, [(c.heading, c.field, c.how) for c in self.plan.columns])
        pairs = self._pairs()
        homes: dict[int, int] = {}
        for n, one in enumerate(self.answer.recommendations):
            self._recommendation(n, one, pairs, homes)
        for r, _ in enumerate(self.plan.recommendations):
            for a, action in enumerate(self.plan.recommendations[r].actions):
                if (r, a) not in {(x, y) for x, y in pairs.values()} and (r, a) not in self._covered:
                    self.made.invented += 1
                    self._miss(f"invented: “{action.text[:60]}” at {action.at}")

    def _miss(self, words: str) -> None:
        self.made.misses.append(words)

    def _pairs(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return which action of the reading each action of the answer is."""
        there: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r, one in enumerate(self.plan.recommendations):
            for a, action in enumerate(one.actions):
                there[unmarked(action.text)].append((r, a))
        pairs: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: set[tuple[int, int]] = set()
        wanted = {
            (n, m): unmarked(action.text)
            for n, one in enumerate(self.answer.recommendations)
            for m, action in enumerate(one.actions)
        }
        for place, text in wanted.items():
            found = there.get(text)
            if found:
                pairs[place] = found.pop(0)
        for place, text in wanted.items():
            if place in pairs:
                continue
            within = next((p for words, ps in there.items() for p in ps if text in words), None)
            if within:
                self._covered.add(within)
                self.made.merged += 1
                action = self.plan.recommendations[within[0]].actions[within[1]]
                said = self._row_problem(action, "action")
                self._verdict("action", right=False, asked=said, where=action.at, says=f"holds “{text[:40]}” and more")
            else:
                self.made.lost += 1
                self.made.values["action"]["lost"] += 1
                self._miss(f"lost: “{text[:60]}”")
        return pairs

    def _recommendation(
        self,
        n: int,
        one: RecommendationAnswer,
        pairs: Mapping[tuple[int, int], tuple[int, int]],
        homes: dict[int, int],
    ) -> None:
        at = [pairs[n, m][0] for m in range(len(one.actions)) if (n, m) in pairs]
        if not at:
            return
        named = [r for r in at if self._same_aim(one.text, self.plan.recommendations[r].text)]
        home = Counter(named or at).most_common(1)[0][0]
        mine = homes.setdefault(home, n) == n
        read = self.plan.recommendations[home]
        right = self._same_aim(one.text, read.text)
        asked = self._aim_problem(read) or self._column_problem("recommendation")
        self._verdict(
            "recommendation",
            right=right,
            asked=asked,
            ask_is_right=one.asks,
            where=read.at,
            says=f"“{read.text[:50]}” for “{one.text[:50]}”",
        )
        if one.leads is not None:
            people = read.leads or tuple(name for a in read.actions[:1] for name in a.owners)
            self._verdict(
                "leads",
                right=_same_people(one.leads, people),
                asked=self._aim_problem(read, "leads") or self._aim_problem(read) or self._column_problem("leads"),
                where=read.at,
                says=f"{people} for {[sorted(ways)[0] for ways in one.leads]}",
            )
        for m, action in enumerate(one.actions):
            if (n, m) not in pairs:
                continue
            r, a = pairs[n, m]
            if r == home and mine:
                self.made.found += 1
            else:
                self.made.misplaced += 1
                there = self.plan.recommendations[r]
                self._verdict(
                    "place",
                    right=False,
                    asked=self._row_problem(there.actions[a], "recommendation") or self._aim_problem(there),
                    where=there.actions[a].at,
                    says=f"under “{there.text[:40]}”, belongs to “{one.text[:40]}”",
                )
            self._action(action, self.plan.recommendations[r].actions[a], self.plan.recommendations[r], one)

    def _action(
        self, want: ActionAnswer, read: FileAction, under: FileRecommendation, aim: RecommendationAnswer
    ) -> None:
        self.made.values["action"]["right"] += 1
        if want.owners is not None:
            alike = len({frozenset(a.owners) for a in aim.actions if a.owners is not None}) == 1
            people = read.owners or (under.leads if alike else ())
            self._value("owners", read, right=_same_people(want.owners, people), says=f"{people} for {want.owners}")
        if want.due is not None:
            scale = read.timescale
            self._value(
                "timescale",
                read,
                right=_same_due(want.due, read),
                guessed=scale.guessed or scale.kind == "not_understood",
                ask_is_right=want.due.asks,
                says=f"“{scale.text}” read as {scale.kind} {scale.due_on}, is {want.due.kind} {want.due.due_on}",
            )
        self._status(want.status, read)
        if want.note is not None:
            same = plain(want.note) == plain(read.note) or (
                self.answer.news_by_month and plain(want.note) in plain(read.note)
            )
            self._value("note", read, right=same, says=f"“{read.note[:50]}” for “{want.note[:50]}”")
        if want.brag is not None:
            self._value("brag", read, right=want.brag == read.brag, says=f"{read.brag} for {want.brag}")
        if want.ref:
            self._value("ref", read, right=plain(want.ref) == plain(read.ref), says=f"{read.ref} for {want.ref}")

    def _status(self, want: StatusAnswer, read: FileAction) -> None:
        status = read.status.value if read.status else None
        asked = read.status_guessed or (status is None and self._row_problem(read, "status"))
        self._value(
            "status",
            read,
            right=status in want.statuses,
            guessed=asked,
            ask_is_right=want.asks,
            says=f"{status} for {sorted(map(str, want.statuses))} (“{read.status_text}”, {read.brag_text!r})",
        )
        if status == "completed" and "completed" in want.statuses:
            self._value(
                "completed",
                read,
                right=read.completed_on == want.completed_on,
                ask_is_right=want.completed_on is None,
                guessed=asked,
                says=f"{read.completed_on} for {want.completed_on}",
            )

    def _value(
        self,
        name: str,
        read: FileAction,
        *,
        right: bool,
        says: str,
        guessed: bool = False,
        ask_is_right: bool = False,
    ) -> None:
        asked = guessed or self._column_problem(name)
        if not right:
            asked = asked or self._row_problem(read, name)
        elif name == "owners":
            asked = asked or any(
                f"“{person}”" in problem.says and self._about(problem, read.at, name)
                for problem in self.plan.problems
                for person in read.owners
            )
        self._verdict(name, right=right, asked=asked, ask_is_right=ask_is_right, where=read.at, says=says)

    def _verdict(
        self, name: str, *, right: bool, asked: bool, where: str, says: str, ask_is_right: bool = False
    ) -> None:
        if asked and ask_is_right:
            verdict = "right"
        elif right:
            verdict = "asked right" if asked else "right"
        else:
            verdict = "asked" if asked else "silent"
        self.made.values[name][verdict] += 1
        if verdict != "right":
            self._miss(f"{verdict}: {name} at {where}: {says}")

    # What was asked ---------------------------------------------------------------------------------------

    def _same_aim(self, want: str, read: str) -> bool:
        return bool({plain(want), plain(_LABEL.sub("", want))} & {plain(read), plain(_LABEL.sub("", read))})

    def _row_problem(self, action: FileAction, name: str) -> bool:
        """Return whether a problem is about this row as a whole, or about this value in it."""
        return any(self._about(problem, action.at, name) for problem in self.plan.problems)

    def _about(self, problem: FileProblem, at: str, name: str) -> bool:
        if at.startswith(f"{problem.at},") and "column" not in problem.at and problem.at in self._row_ats():
            return True
        if problem.at == at:
            return not problem.says.startswith("Recommendation ")  # that one is about the row's recommendation
        if not problem.at.startswith(f"{at}, "):
            return False
        column = problem.at.removeprefix(f"{at}, ")
        return any(self.names.get(near) == column for near in _NEAR.get(name, (name,)))

    def _row_ats(self) -> set[str]:
        return {re.sub(r", line \d+$", "", at) for at in self.places}

    def _aim_problem(self, read: FileRecommendation, name: str = "recommendation") -> bool:
        for problem in self.plan.problems:
            if problem.at == read.at and _about_aim(problem.says.casefold(), name):
                return True
            if problem.at.startswith(f"{read.at}, ") and problem.at.endswith(self.names.get(name, "?")):
                return True
            if name == "recommendation" and read.at.startswith(f"{problem.at},") and "title" in problem.says:
                return True
        return False

    def _column_problem(self, name: str) -> bool:
        """Return whether the column of a field is shown as a guess, or a problem of the whole column names it."""
        headings = {h for near in _NEAR.get(name, (name,)) for h in self.headings.get(near, ())}
        if any(plain(heading) in self.guessed_headings for heading in headings):
            return True
        if self.guessed_fields & set(_NEAR.get(name, (name,))):
            return True
        column = self.names.get(name)
        for problem in self.plan.problems:
            if any(problem.at == at or problem.at.startswith(f"{at},") for at in self.places):
                continue
            if column and problem.at.endswith(column):
                return True
            said = f"{plain(problem.says)} {plain(problem.at)}"
            if "“" in said and any(plain(heading) in said for heading in headings):
                return True
        return False


def _about_aim(says: str, name: str) -> bool:
    if "no action" in says or "no board" in says or "recommendation" not in says:
        return False
    return bool(re.search(r"\bleads?\b", says)) == (name == "leads")


def _same_people(want: Sequence[frozenset[str]], read: Sequence[str]) -> bool:
    left = [plain(name) for name in read]
    if len(left) != len(want):
        return False
    for ways in want:
        said = next((name for name in left if name in {plain(way) for way in ways}), None)
        if said is None:
            return False
        left.remove(said)
    return True


def _same_due(want: DueAnswer, action: FileAction) -> bool:
    read = action.timescale
    if want.kind == "not_understood":
        return read.kind in ("not_understood", "none")
    if want.kind == "none":
        return read.kind == "none"
    if want.may_start_on and read.kind == "window":
        return (read.starts_on, read.due_on) == (want.may_start_on, want.due_on)
    dates: tuple[tuple[date | None, date | None], ...] = (
        (want.due_on, read.due_on),
        (want.starts_on, read.starts_on),
        (want.original_due_on, None if want.may_have_moved else read.original_due_on),
        (want.review_on, read.review_on if want.kind == "ongoing" else None),
    )
    stages = tuple(stage.due_on for stage in read.stages)
    return read.kind == want.kind and all(ours == theirs for ours, theirs in dates) and stages == want.stages
