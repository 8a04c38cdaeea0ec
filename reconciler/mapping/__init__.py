"""Understand offline what API Gateway evaluates at run time: selection patterns and mapping expressions.

Pure; nothing here knows manifests, live state or diagnostics.
"""
