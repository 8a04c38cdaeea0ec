"""Find the APIs that manifests are for, and read them from AWS.

    connect -> lookup -> read    ports for each account and region -> targets -> their live state
    misaddressed                 why an API was not found
    baseline, orphans            the same APIs as the manifests at `--base` have them, and what these no longer list

Nothing here writes to AWS.
"""
