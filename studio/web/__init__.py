"""The web: sign-in, uploads, media delivery, health; it carries the pages."""
