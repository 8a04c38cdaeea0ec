"""Deploy to stages, and compare what they serve.

    stages          the deployments of a run, and what they would publish besides it
    deploy          carries out approved deployments
    compare_stages  what stages serve, compared with manifests and drafts

Values and rules of a deployment are in `reconciler.deployments`.
"""
