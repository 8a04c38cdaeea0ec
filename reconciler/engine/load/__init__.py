"""Load manifests and configuration into desired state, for each environment.

    request -> load -> project    what the user asks for -> the resolved manifests of each project
    environments, selection       which environments and which manifests a run is about
    ignore_rules                  which live values it leaves alone

Nothing here calls AWS.
"""
