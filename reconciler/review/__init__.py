"""What a change of manifests does, API by API and over all environments.

    shapes     what is found
    comparing  one API as it was wanted and as it is wanted
    alike      the same in several environments and on several methods, so that it is told once

Promise: pure, and about desired state alone; what is live has no part in it.
"""

from reconciler.review.comparing import compare_wishes
from reconciler.review.shapes import (
    ApiLocation,
    ApiReview,
    ConfigurationChange,
    Counts,
    ListingChange,
    MethodReview,
    Move,
    PlacedReview,
    ResponseReview,
    Review,
    ReviewEffect,
    Setting,
    State,
)

__all__ = [
    "ApiLocation",
    "ApiReview",
    "ConfigurationChange",
    "Counts",
    "ListingChange",
    "MethodReview",
    "Move",
    "PlacedReview",
    "ResponseReview",
    "Review",
    "ReviewEffect",
    "Setting",
    "State",
    "compare_wishes",
]
