"""One module per step of a story's travel; each step declares the use of the story it needs."""
