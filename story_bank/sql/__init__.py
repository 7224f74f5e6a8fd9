"""The bank on SQLite or PostgreSQL: the only place that knows SQLAlchemy and Alembic."""
