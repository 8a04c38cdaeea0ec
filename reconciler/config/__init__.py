"""reconciler.yaml: its shape, what may be wrong with it, and which manifests it is for."""
