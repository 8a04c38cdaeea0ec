"""adopt: write drift into the manifests."""
