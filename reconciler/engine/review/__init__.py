"""review: show offline what a change to the manifests does.

    revisions    opens both revisions of the repository
    match        pairs their APIs and compares the desired states
    review       the command: loads both revisions, matches and compares them

How two desired states are compared is in `reconciler.review`.
"""
