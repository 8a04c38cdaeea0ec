"""Keys, responses, targets, desired and live state.

Frozen, slotted dataclasses that are always in normal form (see `reconciler.normal`), so that `==` compares them. No
I/O, no validation of outside data (pydantic does that at the edges), no knowledge of YAML or boto3.
"""
