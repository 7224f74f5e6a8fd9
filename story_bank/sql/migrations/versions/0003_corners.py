"""Corners at events, and who came to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables; nothing that was there changes."""
    op.create_table('corners',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('until_day', sa.Date(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corners')),
    sa.UniqueConstraint('secret', name=op.f('uq_corners_secret')),
    comment='Corners at events; the secret of their address hangs on a wall, so it is kept to be printed again.'
    )
    op.create_index(op.f('ix_corners_opened_by'), 'corners', ['opened_by'], unique=False)
    op.create_table('corner_visits',
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('corner_id', sa.String(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code_hash', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['corner_id'], ['corners.id'], name=op.f('fk_corner_visits_corner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_corner_visits_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_corner_visits')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_corner_visits_code_hash'))
    )
    op.create_index(op.f('ix_corner_visits_corner_id'), 'corner_visits', ['corner_id'], unique=False)
