"""adopt: drift, written into the manifests."""
