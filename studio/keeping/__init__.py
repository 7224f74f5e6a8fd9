"""Keeping safe: everything in one archive while people work, and put back without what was taken back since."""
