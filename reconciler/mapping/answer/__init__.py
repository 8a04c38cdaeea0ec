"""The pipeline from a backend's answer to the client's: select, render, map headers, override, convert."""
