"""Java's values as templates see them: a closed table of types, their texts, and the methods that may be called."""
