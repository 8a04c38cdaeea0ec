"""A configuration for the API of the sandbox, and a response test of its health check."""

from typing import Final

HEALTH_CONFIG: Final = "apiVersion: reconciler/v1\nkind: Config\nmanifests: [.]\n"
HEALTH_TEST: Final = """\
apiVersion: reconciler/v1
kind: ResponseTest
metadata: {name: health}
spec:
  manifest: petstore
  tests:
    - {name: all is well, method: GET /health, backend: {mock: 200}, expect: {body: {json: {status: up}}}}
"""
