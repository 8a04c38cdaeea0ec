"""review: show offline what a change to the manifests does."""
