"""What runs leave on disk: what was planned, what became of it, and who is at work.

    lines     the lines of `outcomes.jsonl`
    writing   a run's folder, made whole or not at all; lines for every action, there to stay before the next write
    reading   runs out of their folders, torn ones too
    lock      one run per machine and configuration at a time

    RUNS/.gitignore, RUNS/.lock-KEY, RUNS/20260131T120000Z-3f9a2c/{plan.json,outcomes.jsonl}

Promise: a run's plan is on disk, and stays there when the machine stops, before the run's first write; that an action
is sent is so before its call, with the outcomes of those before it. So whatever a run may have done is in its outcomes,
or was sent and has none. Nothing here knows what a plan says. Only its owner can read any of it.
"""

from reconciler.journal.lines import OutcomeLine, SentLine
from reconciler.journal.lock import Held, Holder, Lock, locked, under_way
from reconciler.journal.reading import Recorded, find, recorded
from reconciler.journal.writing import Beginning, RunJournal, begin, run_ids

__all__ = [
    "Beginning",
    "Held",
    "Holder",
    "Lock",
    "OutcomeLine",
    "Recorded",
    "RunJournal",
    "SentLine",
    "begin",
    "find",
    "locked",
    "recorded",
    "run_ids",
    "under_way",
]
