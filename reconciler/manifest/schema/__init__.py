"""The shape of manifests as pydantic models, and what is wrong with one in plain words."""
