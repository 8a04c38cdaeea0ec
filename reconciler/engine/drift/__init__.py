"""drift: where AWS differs from the manifests, over any number of accounts and regions.

    drift    the run: load, read, compare
    result   its result, of which every report, history and notification is made
    history  which findings are new, known or resolved; what is kept for the next run
    open_findings  the findings by fingerprint, and what a run shows about those of earlier ones
    notify   who is to hear of it, and what was delivered

AWS is only read. Each further step of a run is a module of its own that takes a `Drift` and returns a richer one.
"""
