"""Load manifests and configuration into desired state, for each environment.

    request -> load -> project    what the user asks for -> the resolved manifests of each project
    load_result                   all of that, with the problems found on the way
    unknown_names                 names in manifests, configurations and options that nothing has
    environments, selection       which environments and which manifests a run is about
    ignore_rules                  which live values it leaves alone

Nothing here calls AWS.
"""
