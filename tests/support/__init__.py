"""What tests share: AWS in memory with given state, manifests without files, random states."""
