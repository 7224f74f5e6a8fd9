"""Mail, where the administrator named a server: links handed over by letter."""
