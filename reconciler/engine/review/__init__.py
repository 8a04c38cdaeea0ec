"""review: what a change of manifests does, worked out offline."""
