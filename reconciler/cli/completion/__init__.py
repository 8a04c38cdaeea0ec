"""Completion of command lines in bash, zsh and fish, over click's protocol.

The shell calls the program with `_RECONCILER_COMPLETE` set, and reads completions from its stdout. What is completed
comes from the command line, the nearest configuration, the manifests and the journal: nothing calls AWS. Nothing is
imported before that variable is seen.

    run         answers one request: silent, limited in time, and never a failure
    shells      the scripts of the shells, and how completions are written for each
    bash_line   a line as bash splits and quotes it
    parameters  parameter -> what completes it
    values      the values: paths, environments, addresses, stages, manifests, runs
"""
