"""Writing aids: angles in the speaker's own words, and the checks on a person's own text."""
