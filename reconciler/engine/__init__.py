"""What the commands do, as functions over ports.

Each takes ports and plain values, and returns one result from which both the report and the exit code derive. It prints
nothing, asks nothing of a terminal, and knows neither boto3 nor `cli`. There is no dry run: a plan is a plan because
nobody calls `apply`.

    load -> read -> plan -> journaled_run      manifests, AWS, what to do, and doing it
    drift status validate review export adopt  the same stages in another order
    rollback                                   the state before a run as the desired state
"""
