"""The append-only ledger of every change.

A command calls ``record`` in the transaction that makes the change, with a verb from ``VERBS``. The event keeps what
people read of it (who, when, which item, before and after) and, row by row, what the command changed since the event
before, from which ``replay`` makes the record again as it stood on any day.
"""

from ilacs_app.history import capture as capture
from ilacs_app.history.capture import in_history as in_history
from ilacs_app.history.catalogue import VERBS as VERBS
from ilacs_app.history.catalogue import Verb as Verb
from ilacs_app.history.ledger import BY_FORM as BY_FORM
from ilacs_app.history.ledger import Author as Author
from ilacs_app.history.ledger import Cause as Cause
from ilacs_app.history.ledger import Event as Event
from ilacs_app.history.ledger import changes as changes
from ilacs_app.history.ledger import hold_still as hold_still
from ilacs_app.history.ledger import lines as lines
from ilacs_app.history.ledger import of_action as of_action
from ilacs_app.history.ledger import of_actions as of_actions
from ilacs_app.history.ledger import of_plan as of_plan
from ilacs_app.history.ledger import of_plans as of_plans
from ilacs_app.history.ledger import of_recommendation as of_recommendation
from ilacs_app.history.ledger import of_recommendations as of_recommendations
from ilacs_app.history.ledger import record as record
from ilacs_app.history.ledger import record_each as record_each
from ilacs_app.history.ledger import written as written
from ilacs_app.history.model import HistoryChange as HistoryChange
from ilacs_app.history.model import HistoryEvent as HistoryEvent
