"""Deploy to stages, and compare what they serve."""
