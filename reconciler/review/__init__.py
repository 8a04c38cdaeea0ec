"""What a change of manifests does, API by API and over all environments.

    shapes     what is found
    comparing  one API as it was wanted and as it is wanted
    alike      the same in several environments and on several methods, so that it is told once

Promise: pure, and about desired state alone; what is live has no part in it.
"""

from reconciler.review.comparing import compare_wishes
from reconciler.review.shapes import (
    ApiReview,
    ConfigurationChange,
    Counts,
    Effect,
    Listing,
    MethodReview,
    Move,
    Place,
    PlacedReview,
    ResponseReview,
    Review,
    Setting,
    State,
)

__all__ = [
    "ApiReview",
    "ConfigurationChange",
    "Counts",
    "Effect",
    "Listing",
    "MethodReview",
    "Move",
    "Place",
    "PlacedReview",
    "ResponseReview",
    "Review",
    "Setting",
    "State",
    "compare_wishes",
]
