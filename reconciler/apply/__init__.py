"""Run a plan's actions, one API after another, and report the result of each.

    outcomes   the results of actions
    calls      one action as a call: sent, and settled if its answer was lost
    rest       the calls of REST APIs
    websocket  the calls of WebSocket APIs
    executor   all actions of one API, in order
    publisher  a deployment of one API, to one stage or several

Actions run in the plan's order; the first that fails stops the rest of its API, which are then `not-run`. A write whose
answer was lost is settled by reading that response again; the result is `unknown` only if that fails too. Requests to
stop take effect between calls, never within one, and so does a run log that can no longer be written. Nothing is
decided here: only the plan's actions are run.
"""

from reconciler.apply.executor import Executor
from reconciler.apply.outcomes import ActionResult, Outcome
from reconciler.apply.publisher import Published, Publisher

__all__ = ["ActionResult", "Executor", "Outcome", "Published", "Publisher"]
