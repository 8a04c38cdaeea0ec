"""The journal: each run's plan and outcomes on disk, and the lock that keeps runs apart.

    lines     the lines of `outcomes.jsonl`
    writing   creates and deletes a run's folder in one step; a line for every action, on disk before the next write
    reading   reads runs back, incomplete ones included
    lock      allows one run per machine and configuration at a time

    RUNS/.gitignore, RUNS/.lock-KEY, RUNS/20260131T120000Z-3f9a2c/{plan.json,outcomes.jsonl}

A run's plan is synced to disk before its first write to AWS. Before each call, a `sent` line and all earlier outcomes
are synced too. So everything a run may have done has an outcome, or a `sent` line without one, even after a power cut.
Nothing here interprets a plan. Files are readable by their owner only.
"""

from reconciler.journal.lines import OutcomeLine, SentLine
from reconciler.journal.lock import Held, Holder, Lock, locked, under_way
from reconciler.journal.reading import Recorded, find, recorded
from reconciler.journal.writing import Beginning, RunJournal, RunOrigin, begin, delete_run, run_ids

__all__ = [
    "Beginning",
    "Held",
    "Holder",
    "Lock",
    "OutcomeLine",
    "Recorded",
    "RunJournal",
    "RunOrigin",
    "SentLine",
    "begin",
    "delete_run",
    "find",
    "locked",
    "recorded",
    "run_ids",
    "under_way",
]
