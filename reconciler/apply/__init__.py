"""Run a plan's actions, one API's after another, and tell of each what became of it.

    outcomes   what may become of an action
    calls      one action as a call: sent, and settled where its answer was lost
    rest       the calls of REST APIs
    websocket  the calls of WebSocket APIs
    executor   all actions of one API, in order
    publisher  a deployment of one API, to one stage or several

Promise: actions run in the plan's order; the first that fails stops the rest of its API, which are then `not-run`. A
write whose answer was lost is settled by re-reading that one response, so `unknown` is said only when that fails too. A
request to stop is heeded between calls, never within one, and so is a run log that cannot be written any more. Nothing
is decided here: what is not in the plan is not done.
"""

from reconciler.apply.executor import Executor
from reconciler.apply.outcomes import Outcome, Result
from reconciler.apply.publisher import Published, Publisher

__all__ = ["Executor", "Outcome", "Published", "Publisher", "Result"]
