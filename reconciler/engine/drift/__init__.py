"""drift: where AWS differs from the manifests, over any number of accounts and regions.

    drift        the run: load, read, compare
    compare      reads and compares one API
    target       its findings, and what ignore rules leave out of them
    connections  its connections, for later steps
    blame        who changed what drifted
    result       its result, of which every report, history and notification is made

AWS is only read. Each further step of a run is a module of its own that takes a `Drift` and returns a richer one.
"""
