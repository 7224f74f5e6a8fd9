"""Meaning: embed passages, index them, search them, suggest values."""
