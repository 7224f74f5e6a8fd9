"""Trust: when sessions began, who left, how many are heard and seen, reviews, share pages, forgettings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAS = "Signatures and withdrawals, in the order they were given; never updated, never deleted."
IS = "Signatures and withdrawals, in the order they were given; where a story is forgotten, its texts alone go."


def upgrade() -> None:
    """Add what was not known before; sessions and links that are open stay so."""
    op.add_column('people', sa.Column('left_on', sa.Date(), nullable=True))
    op.add_column('recordings', sa.Column('voices', sa.Integer(), nullable=True))
    op.add_column('recordings', sa.Column('faces', sa.Integer(), nullable=True))
    op.add_column('clips', sa.Column('said', sa.Text(), nullable=True))
    for facet in ('team', 'site', 'language'):
        op.create_index(op.f(f'ix_stories_{facet}'), 'stories', [facet], unique=False)
    _tell_more_of_tokens()
    if op.get_bind().dialect.supports_comments:
        op.create_table_comment('consent_events', IS, existing_comment=WAS)
    op.create_table('badges',
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_badges_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_badges')),
    comment="Whom the company's sign-in means by a subject, and the roles that its groups gave at the last sign-in."
    )
    op.create_index(op.f('ix_badges_person_id'), 'badges', ['person_id'], unique=False)
    op.create_table('reviews',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(), nullable=True),
    sa.Column('kept', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_reviews_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_reviews_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    op.create_index(op.f('ix_reviews_person_id'), 'reviews', ['person_id'], unique=False)
    op.create_index(op.f('ix_reviews_story_id'), 'reviews', ['story_id'], unique=False)
    op.create_table('shares',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('clip_id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('secret_hash', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shares')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_shares_secret_hash')),
    comment='Pages by their address; without foreign keys, so that one goes on saying that it is gone.'
    )
    op.create_index(op.f('ix_shares_clip_id'), 'shares', ['clip_id'], unique=False)
    op.create_index(op.f('ix_shares_story_id'), 'shares', ['story_id'], unique=False)
    op.create_index(op.f('ix_shares_person_id'), 'shares', ['person_id'], unique=False)
    op.create_table('forgettings',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('story_ids', sa.JSON(), nullable=False),
    sa.Column('recording_ids', sa.JSON(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forgettings')),
    comment='What was forgotten, by ids and numbers alone; done again on a restored backup.'
    )
    op.create_index(op.f('ix_forgettings_person_id'), 'forgettings', ['person_id'], unique=False)


def _tell_more_of_tokens() -> None:
    # When a session began was not kept before: it counts from its last possible moment, the one of this migration.
    op.add_column('tokens', sa.Column('made_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tokens', sa.Column('about', sa.String(), nullable=True))
    op.add_column('tokens', sa.Column('label', sa.Text(), nullable=True))
    op.execute("UPDATE tokens SET made_at = CURRENT_TIMESTAMP, about = '', label = ''")
    with op.batch_alter_table('tokens') as tokens:
        tokens.alter_column('made_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        tokens.alter_column('about', existing_type=sa.String(), nullable=False)
        tokens.alter_column('label', existing_type=sa.Text(), nullable=False)
