"""Access: accounts, sign-in, sessions and one-time links; what a person may do is decided by `story_bank.access`."""
