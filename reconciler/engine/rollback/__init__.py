"""rollback: restore what a run changed.

    prior_state       the state before the run, from its plan and journal, as a desired state
    stage_rollback    stages back to the deployments that they served before
    rollback          the command: plans towards the prior state, and runs that plan

It is an ordinary run, with its own journal, so that it can be rolled back too.
"""
