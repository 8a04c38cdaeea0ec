"""What is known about a region offline, from botocore's own tables."""

import functools
import re
from collections.abc import Mapping
from typing import Final

from reconciler.errors import ConfigurationError
from reconciler.models.targets import Coordinates, region_name

_REGION: Final = re.compile(r"[a-z0-9-]+")


def configured_region(coordinates: Coordinates, process: Mapping[str, str]) -> str:
    """Return the region that the command line or the environment sets for these coordinates, else ""."""
    # In boto3's own order, in which the region of a profile comes last
    return region_name(coordinates.region or process.get("AWS_REGION") or process.get("AWS_DEFAULT_REGION"))


@functools.cache
def partition(region: str) -> str:
    """Return `aws`, `aws-cn`, `aws-us-gov` ... Raises ConfigurationError for an impossible region."""
    import botocore.exceptions  # noqa: PLC0415 - costs 0.1 s
    import botocore.loaders  # noqa: PLC0415
    import botocore.regions  # noqa: PLC0415

    unknown = ConfigurationError(f"unknown AWS region {region!r}", "use the name of a region, such as eu-west-1")
    if not _REGION.fullmatch(region):
        raise unknown
    # Not through a session, which would look for the profile
    tables = botocore.loaders.create_loader().load_data("endpoints")
    try:
        return str(botocore.regions.EndpointResolver(tables).get_partition_for_region(region))
    except botocore.exceptions.UnknownRegionError as error:
        raise unknown from error
