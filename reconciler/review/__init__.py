"""Review what a change to manifests does, API by API and across environments.

    shapes     the results, as values
    comparing  the desired state of one API before and after the change
    alike      equal changes in several environments or methods, grouped to be shown once

Pure, and about desired state alone; live state plays no part.
"""

from reconciler.review.comparing import compare_desired
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
    "compare_desired",
]
