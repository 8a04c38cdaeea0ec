"""What the commands do: call the engine, hand the result to its view, print. One module per command, of its name."""
