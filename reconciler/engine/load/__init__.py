"""Manifests and configuration to desired state, for each environment."""
