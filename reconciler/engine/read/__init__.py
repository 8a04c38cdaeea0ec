"""Find the APIs that manifests are for, and read them from AWS."""
