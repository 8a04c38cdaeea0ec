"""All that knows YAML's text: parsing with positions, spans, splices, writing."""
