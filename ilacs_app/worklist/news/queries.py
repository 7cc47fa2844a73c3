"""Everything that My work shows under *Since you last signed in*."""

from __future__ import annotations

from datetime import date

from ilacs_app.access import Actor
from ilacs_app.worklist.news.action_news import News, news
from ilacs_app.worklist.news.question_news import QuestionNews, question_news
from ilacs_app.worklist.news.recommendation_news import RecommendationNews, recommendation_news

AnyNews = News | RecommendationNews | QuestionNews


def all_news(actor: Actor, today: date) -> list[AnyNews]:
    """Return the changes to actions, recommendations and questions that this person is told about, newest first."""
    changes: list[AnyNews] = [
        *news(actor, today),
        *recommendation_news(actor, today),
        *question_news(actor, today),
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)
