"""reconciler.yaml: read it, check it, and find the manifests that it covers.

    projects         PATHs -> the configurations nearest to them, each with its manifests
    configuration    one file -> `models.project_file`, with an error for everything wrong in it
    manifest_files   the manifest files that a configuration names
    schema           its shape as pydantic models (`problems`: their errors in plain words)
    json_schema      its JSON Schema, for editors

A project without a reconciler.yaml is valid: it has no environments, and its root is the folder of each manifest.
"""
