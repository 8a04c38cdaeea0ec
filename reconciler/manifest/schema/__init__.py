"""The shape of manifests as pydantic models, and their errors in plain English."""
