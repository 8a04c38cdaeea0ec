"""What a run over many APIs knows besides its findings. Pure values.

    facts         all of the following, as one value
    fingerprint   the stable name of a finding
    run_facts     how long the run took, what it sent, and whether it was stopped
    ages          which findings are new, which are known, which are resolved
    history       what a run leaves for the next one
    news          what a channel has not been sent yet
    channel_name  the name of a channel on a command line
    trend         how many findings each run of the history had
    blame         who changed the APIs that differ, when, from where
    likely_writes which writes may have caused a finding
    ignored       what ignore rules left out, why, until when
    shard         which part of the targets a run covers
    choice        whether a run reads a target
    event         the API that a CloudTrail event names
    trigger       what started a Lambda function
    coverage      which APIs and methods no manifest lists
    remediation   what was done about the drift

The steps of a run in `engine.drift` fill them in, and `documents.drift` writes them.
"""
