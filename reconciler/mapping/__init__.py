"""Understand offline what API Gateway evaluates at run time: selection patterns, mapping expressions and templates.

Pure; nothing here knows manifests, live state or diagnostics.
"""
