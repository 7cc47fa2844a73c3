"""What minutes say of the people at a meeting, in words."""

from __future__ import annotations

from ilacs_app.governance.minutes.document import MinutesPerson, MinutesTask


def test_interests_are_sentences_whatever_they_end_with():
    items = ("8.1 Baseline the stages", "How many wait, and why?", "Send the map.")
    declared = MinutesPerson("Head of Permanence", "Board member", "Present", "Trustee of a provider", items)
    assert declared.interests == (
        "Trustee of a provider. Leads or owns “8.1 Baseline the stages”, “How many wait, and why?” and “Send the map”."
    )
    again = MinutesPerson("Head of Permanence", "Board member", "Present", "Trustee of a provider.")
    assert again.interests == "Trustee of a provider."
    assert MinutesPerson("Head of Permanence", "Board member", "Present").interests == ""


def test_an_action_that_arises_is_a_sentence_before_who_does_it_by_when():
    wanted = "Send the audit round. Head of Permanence, by 21 May 2018."
    for text in ("Send the audit round", "Send the audit round."):
        assert MinutesTask(text, "Head of Permanence", "21 May 2018").says == wanted
