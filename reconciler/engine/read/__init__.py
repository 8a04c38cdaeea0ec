"""Find the APIs that manifests are for, and read them from AWS.

    connect -> lookup -> read    ports for each account and region -> targets -> their live state
    found_targets                the targets with all of their manifests, before any is read
    target                       one of them: its desired and its live state, under the same names
    watch                        who sees the progress, and whether the run has to end early
    misaddressed                 why an API was not found
    baseline, orphans            the same APIs as the manifests at `--base` have them, and what these no longer list

Nothing here writes to AWS.
"""
