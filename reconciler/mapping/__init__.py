"""What API Gateway evaluates at run time, understood offline: selection patterns and mapping expressions.

Promise: pure; nothing here knows manifests, live state or diagnostics.
"""
