"""The pages: each lays out and forwards to one use case."""
