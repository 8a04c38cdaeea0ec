"""Find the APIs and methods that no manifest is for.

    coverage     the command: load, list, read, count
    manifests    all manifests of the configurations: a part of them would make the rest look uncovered
    places       the accounts and regions of a run, each with the projects that may address APIs there
    listed       the APIs of an account and region, with the manifests that address them
    methods      the methods of the covered APIs that no manifest lists
    drift_coverage   the count in a drift report
    exemptions   ignore rules: what deliberately has no manifest

Nothing here writes to AWS, and only `methods` reads an API.
"""
