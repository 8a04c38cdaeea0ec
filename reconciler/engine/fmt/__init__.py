"""fmt: write manifests, response sets, response tests and configurations in one layout.

    fmt         the command: files -> the same files in canonical layout
    key_order   the order of the keys of each kind of document

`reconciler.yamlio.layout` knows the layout.
"""
