"""What the commands do, as functions over ports.

Each takes ports and plain values, and returns one result from which both the report and the exit code derive. It prints
nothing, asks nothing of a terminal, and knows neither boto3 nor `cli`. There is no dry run: a plan is a plan because
nobody calls `apply`.

    load -> read -> plan -> journaled_run      manifests, AWS, the actions, and the run that writes
    drift status validate review export adopt  the same stages in another order
    rollback                                   a plan towards the state before a run
    deploy                                     the last step of an apply, or alone

A command is a module or a package with its name. Shared by several: `run_ports` (approval and signals), `saved_plan`,
`journal_location` and `journaling`, `result_documents` (JSON), `schemas` and `scaffold` (files that ship with it).
"""
