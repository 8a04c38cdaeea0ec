"""export: what is live, as manifests.

export    the command: APIs of a region -> manifests
apis      the APIs of a region: found by id or name, read
"""
