"""Import the chosen changes of a plan's file into the plan, all in one transaction."""

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
from ilacs_app.intake.merging.differences import Change, ItemDifference
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.people.boards.commands import boards_named
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
    """The result of a merge: how many changes were made, and in words those that could not be."""

    made: int
    left: tuple[str, ...]


def merge_plan_file(by: Author, actor: Actor, import_id: int, version: int, taken: Collection[str]) -> Merged:
    """Import the differences with these keys into the plan, and keep the file as its newest.

    A timescale becomes a waiting request, never a new date, unless the plan is a draft. A note is added; a removed item
    is withdrawn.

    Raises:
        Refused: the actor may not edit this plan, nothing differs, or no row of the file has been read yet.
        Stale: the plan or the import changed after its differences were shown.
    """
    upload = db.session.get_one(PlanImport, import_id, populate_existing=True)
    if upload.plan_id is None or upload.version != version or upload.state != "read":
        raise Stale
    if not may(actor, Act.EDIT_PLAN, upload.plan_id):
        raise Refused(who_may(Act.EDIT_PLAN))
    if not (upload.read or {}).get("recommendations"):
        raise Refused("Select what each column is first. No row of the file has been read yet.")
    every = plan_differences(upload.plan_id, import_id)
    if not any(difference.asks for difference in every):
        raise Refused("There are no differences to import. Upload a newer file if there is one.")
    keys = {difference.key for difference in every}
    if not set(taken) <= keys:
        raise Stale
    chosen = [difference for difference in every if difference.key in taken and difference.asks]
    merging = _Merging(by, actor, upload.plan_id, upload.file_name)
    left = merging.take(chosen)
    confirm_into_plan(by, import_id, version, taken=len(chosen) - len(left), unchanged=len(keys) - len(chosen))
    return Merged(len(chosen) - len(left), tuple(left))


class _Merging:
    """The plan and the file of one merge."""

    def __init__(self, by: Author, actor: Actor, plan_id: int, file_name: str) -> None:
        self.by, self.actor, self.plan_id, self.file_name = by, actor, plan_id, file_name
        self.cause = Cause(imported_from=file_name)
        self.renamed: frozenset[int] = frozenset()
        plan = open_plan(plan_id, held=True)
        self.dated_on, self.draft = plan.dated_on, plan.state == "draft"

    def take(self, chosen: list[ItemDifference]) -> list[str]:
        """Make the changes. Return in words those that could not be made."""
        left = self._rename(
            [difference for difference in chosen if difference.name == "ref"]
        )  # an added item may take the old reference
        values: dict[tuple[str, int], dict[str, Any]] = {}
        for difference in chosen:
            if difference.change not in {Change.ADDED, Change.REMOVED} and not self._on_its_own(difference):
                self._collect(difference, values)
        for (item, id_), changed in values.items():  # before whatever else moves a version
            self._reword(item, id_, changed)
        for difference in chosen:
            if difference.change == Change.ADDED:
                self._add(difference)
            elif difference.change == Change.REMOVED:
                self._withdraw(difference)
            elif difference.name == "timescale" and self._on_its_own(difference):
                left += self._ask(difference)
            elif difference.name == "note":
                left += self._note(difference)
        return left

    def _on_its_own(self, difference: ItemDifference) -> bool:
        """Return whether a difference is not in its item's text. In a draft plan a timescale counts as text."""
        if difference.name == "timescale" and self.draft and difference.action is not None:
            return bool(difference.action.standing.asked_words)
        return difference.name in {"ref", "timescale", "note"}

    def _rename(self, chosen: list[ItemDifference]) -> list[str]:
        if not chosen:
            return []
        wanted: dict[NewReference, str] = {}
        for difference in chosen:
            if difference.recommendation is not None and difference.action is not None:
                item = difference.action.standing
                wanted[
                    NewReference(item.id, item.version, difference.recommendation.standing.id, difference.theirs)
                ] = difference.ref
        left = change_references(self.by, self.plan_id, list(wanted), cause=self.cause)
        self.renamed = frozenset(new.action_id for new in wanted if new not in left)
        return [f"{new.ref} is the reference of another action, so {wanted[new]} kept its own." for new in left]

    def _collect(self, difference: ItemDifference, values: dict[tuple[str, int], dict[str, Any]]) -> None:
        if difference.action is not None and difference.file_action is not None:
            named = {"action": difference.file_action.text, "timescale": difference.file_action.timescale}
            value = named.get(difference.name, difference.file_action.owners)
            values.setdefault(("action", difference.action.standing.id), {"difference": difference})[
                difference.name
            ] = value
        elif difference.recommendation is not None and difference.file_recommendation is not None:
            name = "text" if difference.name == "recommendation" else difference.name
            value = getattr(difference.file_recommendation, name)
            values.setdefault(("recommendation", difference.recommendation.standing.id), {"difference": difference})[
                name
            ] = value

    def _reword(self, item: str, id_: int, changed: Mapping[str, Any]) -> None:
        difference: ItemDifference = changed["difference"]
        if item == "action" and difference.action is not None:
            says, people = difference.action.says, assigned([id_])[id_]
            scale: Timescale | None = changed.get("timescale")
            text = ActionContent(
                changed.get("action", says.text),
                tuple(changed.get("owners", people.owners)),
                people.contributors,
                scale.text if scale else None,
            )
            version = difference.action.standing.version + (id_ in self.renamed)
            change_action(self.by, id_, version, text, scale=scale, cause=self.cause)
        elif difference.recommendation is not None:
            new = {name: value for name, value in changed.items() if name not in {"difference", "boards"}}
            text_now = editable_recommendation(id_).text
            if "leads" in new and text_now.accountable not in new["leads"]:
                new["accountable"] = ""
            if "boards" in changed:
                ids = tuple(dict.fromkeys(boards_named(self.by, changed["boards"]).values()))
                lead = text_now.lead_board_id if text_now.lead_board_id in ids else None
                new |= {"board_ids": ids, "lead_board_id": lead}
            version = difference.recommendation.standing.version
            change_recommendation(self.by, id_, version, replace(text_now, **new), cause=self.cause)

    def _add(self, difference: ItemDifference) -> None:
        if difference.file_action is not None and difference.recommendation is not None:
            self._add_action(difference.recommendation.standing.id, difference.number, difference.file_action)
        elif difference.file_recommendation is not None:
            self._add_recommendation(difference.file_recommendation)

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
        """Return the reference, or the next free one in its recommendation."""
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

    def _withdraw(self, difference: ItemDifference) -> None:
        reason = f"No longer in {self.file_name}"
        if difference.action is not None:
            stand = action_for(self.actor, difference.action.standing.id)
            wish = StatusWish(Status.WITHDRAWN, difference.action.standing.version, reason)
            move_status(self.by, stand.action_id, wish, stand.position, stand.standing)
        elif difference.recommendation is not None:
            standing = difference.recommendation.standing
            withdraw_recommendation(self.by, standing.id, standing.version, reason)

    def _ask(self, difference: ItemDifference) -> list[str]:
        if difference.action is None or difference.file_action is None:
            return []
        if self.draft:
            return [f"A date change is requested for {difference.ref}, so its timescale was left as it is."]
        stand = action_for(self.actor, difference.action.standing.id)
        if stand.position.status not in OPEN:
            return [f"{difference.ref} is not open, so no date change was requested."]
        asked = ask_from_file(self.by, stand.action_id, difference.file_action.timescale.text, self.file_name)
        return (
            [] if asked else [f"{difference.ref} already has a date change request, so the file’s date was not used."]
        )

    def _note(self, difference: ItemDifference) -> list[str]:
        if difference.action is None or difference.file_action is None:
            return []
        if self.by.person_id is None:
            return [f"The note on {difference.ref} was not added: a note needs a person who signs it."]
        log_progress(self.by, difference.action.standing.id, NoteText(difference.file_action.note))
        return []
