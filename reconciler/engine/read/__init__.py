"""The APIs that manifests mean, found in AWS and read."""
