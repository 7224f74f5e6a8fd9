"""Glossary: how the company writes names and terms, and who wishes which."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add terms and proposals; nothing that was there changes."""
    op.create_table('glossary_terms',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('written', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heard_as', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_glossary_terms_made_by'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_glossary_terms')),
    sa.UniqueConstraint('written', name=op.f('uq_glossary_terms_written'))
    )
    op.create_index(op.f('ix_glossary_terms_made_by'), 'glossary_terms', ['made_by'], unique=False)
    op.create_table('glossary_proposals',
    sa.Column('term_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('heard', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_glossary_proposals_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_glossary_proposals_story_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['glossary_terms.id'], name=op.f('fk_glossary_proposals_term_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('term_id', 'person_id', 'story_id', 'heard', name=op.f('pk_glossary_proposals')),
    comment='Who wishes a term, from which story; it goes with the story.'
    )
    op.create_index('ix_glossary_proposals_person_id', 'glossary_proposals', ['person_id'], unique=False)
    op.create_index('ix_glossary_proposals_story_id', 'glossary_proposals', ['story_id'], unique=False)
