"""drift: where AWS differs from the manifests, over any number of accounts and regions.

    drift          the run: load, read, compare
    compare        reads and compares one API
    target         its findings, and what ignore rules leave out of them
    connections    its connections, for later steps
    scope          what a run is about, as digests
    history        which findings are new, known or resolved; what is kept for the next run
    open_findings  the findings by fingerprint, and what a run shows about those of earlier ones
    blame          who changed what drifted
    notify         who hears of it, and what was delivered
    follow_up      history and notifications, as steps of a run
    result         its result, of which every report, history and notification is made

AWS is only read. Each further step of a run is a module of its own that takes a `Drift` and returns a richer one.
"""
