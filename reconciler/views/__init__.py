"""One module for each command: its result as text for people, as a report for other formats, and as JSON."""
