"""Stages: what they serve, and deployments to them."""
