"""git, run in a way that gives the working tree no say in what runs.

    discovery  finds the repository that a command works on, and refuses untrusted ones; runs no git
    program    runs the user's git, and checks that it opens that repository
    sealed     opens it in a temporary git directory, in which no configuration names a program
    history    resolves revisions, finds where a branch left one, lists changed and ignored files
    revision   the files of one revision, as `ports.Files`

No module writes into a repository or contacts a remote.
"""
