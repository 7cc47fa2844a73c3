"""Taking the changes of a plan's file into the plan, each as somebody chose, all in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from ilacs_app.access import Act, Actor, may, who_may
from ilacs_app.db import db
from ilacs_app.editing.actions.commands import NewReference, change_action, change_references
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import change_recommendation, withdraw_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, Cause
from ilacs_app.intake.imports.commands import confirm_into_plan
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.merging.differences import Change, Difference
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.commands import Home, add_action, add_recommendation
from ilacs_app.plan.model import ActionPlace, Recommendation
from ilacs_app.plan.parsing.timescales import Timescale
from ilacs_app.plan.plan_file import FileAction, FileRecommendation
from ilacs_app.plan.queries import assigned
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.plan.writing import open_plan
from ilacs_app.progress.dates.commands import ask_from_file
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.status.commands import StatusWish, move_status


@dataclass(frozen=True)
class Merged:
    """What became of the chosen changes: how many were made, and what could not be, in words."""

    made: int
    left: tuple[str, ...]


def merge_plan_file(by: Author, actor: Actor, import_id: int, version: int, taken: Collection[str]) -> Merged:
    """Take the differences with these keys from the file into the plan, and keep the file as its newest.

    A timescale becomes a waiting request, never a new date, unless the plan is a draft. A note is added; a removed item
    is withdrawn.

    Raises:
        Refused: the actor does not keep this plan, nothing differs, or no row of the file could be read yet.
        Stale: the plan or the import was changed after its differences were shown.
    """
    kept = db.session.get_one(PlanImport, import_id, populate_existing=True)
    if kept.plan_id is None or kept.version != version or kept.state != "read":
        raise Stale
    if not may(actor, Act.EDIT_PLAN, kept.plan_id):
        raise Refused(who_may(Act.EDIT_PLAN))
    if not (kept.read or {}).get("recommendations"):
        raise Refused("Say first which column holds what is missing: no row of the file was read yet.")
    found = plan_differences(kept.plan_id, import_id)
    if not any(one.asks for one in found):
        raise Refused("Nothing differs, so there is nothing to import.")
    keys = {one.key for one in found}
    if not set(taken) <= keys:
        raise Stale
    chosen = [one for one in found if one.key in taken and one.asks]
    merging = _Merging(by, actor, kept.plan_id, kept.file_name)
    left = merging.take(chosen)
    confirm_into_plan(by, import_id, version, taken=len(chosen) - len(left), kept=len(keys) - len(chosen))
    return Merged(len(chosen) - len(left), tuple(left))


class _Merging:
    """The plan and the file of one merge."""

    def __init__(self, by: Author, actor: Actor, plan_id: int, file_name: str) -> None:
        self.by, self.actor, self.plan_id, self.file_name = by, actor, plan_id, file_name
        self.cause = Cause(imported_from=file_name)
        self.renamed: frozenset[int] = frozenset()
        plan = open_plan(plan_id, held=True)
        self.dated_on, self.draft = plan.dated_on, plan.state == "draft"

    def take(self, chosen: list[Difference]) -> list[str]:
        """Make the changes; answers what could not be made, in words."""
        left = self._rename([one for one in chosen if one.name == "ref"])  # what is added may take the old one
        values: dict[tuple[str, int], dict[str, Any]] = {}
        for one in chosen:
            if one.change not in {Change.ADDED, Change.REMOVED} and not self._on_its_own(one):
                self._collect(one, values)
        for (item, id_), changed in values.items():  # before whatever else moves a version
            self._reword(item, id_, changed)
        for one in chosen:
            if one.change == Change.ADDED:
                self._add(one)
            elif one.change == Change.REMOVED:
                self._withdraw(one)
            elif one.name == "timescale" and self._on_its_own(one):
                left += self._ask(one)
            elif one.name == "note":
                left += self._note(one)
        return left

    def _on_its_own(self, one: Difference) -> bool:
        """Whether it is made apart from the other words. In a draft plan a timescale is text like any other."""
        if one.name == "timescale" and self.draft and one.action is not None:
            return bool(one.action.standing.asked_words)
        return one.name in {"ref", "timescale", "note"}

    def _rename(self, chosen: list[Difference]) -> list[str]:
        if not chosen:
            return []
        wanted: dict[NewReference, str] = {}
        for one in chosen:
            if one.recommendation is not None and one.action is not None:
                item = one.action.standing
                wanted[NewReference(item.id, item.version, one.recommendation.standing.id, one.theirs)] = one.ref
        left = change_references(self.by, self.plan_id, list(wanted), cause=self.cause)
        self.renamed = frozenset(new.action_id for new in wanted if new not in left)
        return [f"{new.ref} is the reference of another action, so {wanted[new]} kept its own." for new in left]

    def _collect(self, one: Difference, values: dict[tuple[str, int], dict[str, Any]]) -> None:
        if one.action is not None and one.file_action is not None:
            named = {"action": one.file_action.text, "timescale": one.file_action.timescale}
            value = named.get(one.name, one.file_action.owners)
            values.setdefault(("action", one.action.standing.id), {"said": one})[one.name] = value
        elif one.recommendation is not None and one.file_recommendation is not None:
            name = "text" if one.name == "recommendation" else one.name
            value = getattr(one.file_recommendation, name)
            values.setdefault(("recommendation", one.recommendation.standing.id), {"said": one})[name] = value

    def _reword(self, item: str, id_: int, changed: Mapping[str, Any]) -> None:
        one: Difference = changed["said"]
        if item == "action" and one.action is not None:
            says, people = one.action.says, assigned([id_])[id_]
            scale: Timescale | None = changed.get("timescale")
            text = ActionContent(
                changed.get("action", says.text),
                tuple(changed.get("owners", people.owners)),
                people.contributors,
                scale.text if scale else None,
            )
            version = one.action.standing.version + (id_ in self.renamed)
            change_action(self.by, id_, version, text, scale=scale, cause=self.cause)
        elif one.recommendation is not None:
            new = {name: value for name, value in changed.items() if name not in {"said", "boards"}}
            text_now = editable_recommendation(id_).text
            if "leads" in new and text_now.accountable not in new["leads"]:
                new["accountable"] = ""
            if "boards" in changed:
                ids = tuple(dict.fromkeys(board_named(self.by, name) for name in changed["boards"]))
                lead = text_now.lead_board_id if text_now.lead_board_id in ids else None
                new |= {"board_ids": ids, "lead_board_id": lead}
            version = one.recommendation.standing.version
            change_recommendation(self.by, id_, version, replace(text_now, **new), cause=self.cause)

    def _add(self, one: Difference) -> None:
        if one.file_action is not None and one.recommendation is not None:
            self._add_action(one.recommendation.standing.id, one.number, one.file_action)
        elif one.file_recommendation is not None:
            self._add_recommendation(one.file_recommendation)

    def _add_recommendation(self, given: FileRecommendation) -> None:
        last = select(func.max(Recommendation.position)).where(Recommendation.plan_id == self.plan_id)
        position = db.session.scalar(last)
        id_ = add_recommendation(self.by, self.plan_id, given, 0 if position is None else position + 1)
        for action in given.actions:
            self._add_action(id_, given.number, action)

    def _add_action(self, recommendation_id: int, number: str, given: FileAction) -> None:
        last = select(func.max(ActionPlace.position)).where(ActionPlace.recommendation_id == recommendation_id)
        position = db.session.scalar(last)
        home = Home(self.plan_id, self.dated_on, recommendation_id, 0 if position is None else position + 1)
        add_action(self.by, home, replace(given, ref=self._free(given.ref, number)), imported_from=self.file_name)

    def _free(self, ref: str, number: str) -> str:
        """The reference, or the next one of its recommendation that no action of the plan has."""
        taken = set(
            db.session.scalars(
                select(ActionPlace.ref)
                .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
                .where(Recommendation.plan_id == self.plan_id)
            )
        )
        if ref not in taken:
            return ref
        return next(f"{number}.{n}" for n in range(1, len(taken) + 2) if f"{number}.{n}" not in taken)

    def _withdraw(self, one: Difference) -> None:
        reason = f"It is no longer in {self.file_name}."
        if one.action is not None:
            stand = action_for(self.actor, one.action.standing.id)
            wish = StatusWish(Status.WITHDRAWN, one.action.standing.version, reason)
            move_status(self.by, stand.action_id, wish, stand.position, stand.standing)
        elif one.recommendation is not None:
            standing = one.recommendation.standing
            withdraw_recommendation(self.by, standing.id, standing.version, reason)

    def _ask(self, one: Difference) -> list[str]:
        if one.action is None or one.file_action is None:
            return []
        if self.draft:
            return [f"A date change is requested for {one.ref}, so its timescale was left as it is."]
        stand = action_for(self.actor, one.action.standing.id)
        if stand.position.status not in OPEN:
            return [f"{one.ref} is not open, so no new date was asked for."]
        asked = ask_from_file(self.by, stand.action_id, one.file_action.timescale.text, self.file_name)
        return [] if asked else [f"A new date of {one.ref} is asked for already, so the file’s was left."]

    def _note(self, one: Difference) -> list[str]:
        if one.action is None or one.file_action is None:
            return []
        if self.by.person_id is None:
            return [f"The note on {one.ref} was not added: a note needs a person who signs it."]
        log_progress(self.by, one.action.standing.id, NoteText(one.file_action.note))
        return []
