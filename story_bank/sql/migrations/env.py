"""Run migrations on the connection that `story_bank.sql.migrate` opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from story_bank.sql.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata,
                  transactional_ddl=True, render_as_batch=True)
context.run_migrations()
