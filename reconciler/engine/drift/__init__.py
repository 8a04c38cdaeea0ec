"""drift: where AWS differs from the manifests, over any number of accounts and regions. Read-only.

drift    the run: load, read, compare
result   what it gives; every report, history and notification is made of it
"""
