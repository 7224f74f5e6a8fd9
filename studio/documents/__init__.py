"""Papers that a person keeps: receipts and tables as values, and what prints them."""
