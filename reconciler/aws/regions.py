"""What is known of a region without asking anybody.

Promise: botocore's own tables decide, offline, as they do for every call.
"""

import functools
import re
from collections.abc import Mapping
from typing import Final

from reconciler.errors import ConfigurationError
from reconciler.models.targets import Coordinates, region_name

_REGION: Final = re.compile(r"[a-z0-9-]+")


def configured_region(coordinates: Coordinates, process: Mapping[str, str]) -> str:
    """The region of a client with these coordinates, as far as the command line and the environment tell; else ""."""
    # In boto3's own order: what a profile says of the region comes last
    return region_name(coordinates.region or process.get("AWS_REGION") or process.get("AWS_DEFAULT_REGION"))


@functools.cache
def partition(region: str) -> str:
    """`aws`, `aws-cn`, `aws-us-gov` ... Raises ConfigurationError for what can be no region."""
    import botocore.exceptions  # noqa: PLC0415 - costs 0.1 s, only who asks pays
    import botocore.loaders  # noqa: PLC0415
    import botocore.regions  # noqa: PLC0415

    wrong = ConfigurationError(f"there is no region {region!r}", "write it as in eu-west-1")
    if not _REGION.fullmatch(region):
        raise wrong
    # Not of a session: that would look for the profile, which no table has to do with
    tables = botocore.loaders.create_loader().load_data("endpoints")
    try:
        return str(botocore.regions.EndpointResolver(tables).get_partition_for_region(region))
    except botocore.exceptions.UnknownRegionError as error:
        raise wrong from error
