"""reconciler.yaml: its schema, its problems, its environments, and the manifests that it covers."""
