"""rollback: what a run changed, put back."""
