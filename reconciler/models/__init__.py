"""Keys, responses, targets, desired and live state.

Promise: frozen, slotted dataclasses that are always in normal form (see `reconciler.normal`), so that comparing two of
them is `==`. No I/O, no validation of outside data (pydantic does that at the edges), no knowledge of YAML or boto3.
"""
