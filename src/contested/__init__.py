"""Track a war from public reporting, with every statement tied to the words and the voice it came from."""
