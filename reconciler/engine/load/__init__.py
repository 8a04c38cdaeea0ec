"""Load manifests and configuration into desired state, for each environment."""
