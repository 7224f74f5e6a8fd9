"""A place to remember in: company, people, recordings, stories, consents, what is made of them, jobs, words."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table('company',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('channels', sa.JSON(), nullable=False),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company'))
    )
    op.create_table('company_values',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=False),
    sa.Column('behaviours', sa.JSON(), nullable=False),
    sa.Column('examples_fr', sa.JSON(), nullable=False),
    sa.Column('examples_en', sa.JSON(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_values'))
    )
    op.create_table('journal',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('deed', sa.String(), nullable=False),
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_journal'))
    )
    op.create_index(op.f('ix_journal_person_id'), 'journal', ['person_id'], unique=False)
    op.create_index(op.f('ix_journal_subject_id'), 'journal', ['subject_id'], unique=False)
    op.create_table('people',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('first_name', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('email_key', sa.Text(), nullable=True),
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('site', sa.Text(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('cast', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('email_key', name=op.f('uq_people_email_key'))
    )
    op.create_index(op.f('ix_people_name_key'), 'people', ['name_key'], unique=False)
    op.create_table('standing',
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('may_library', sa.Boolean(), nullable=False),
    sa.Column('may_draft', sa.Boolean(), nullable=False),
    sa.Column('may_clip', sa.Boolean(), nullable=False),
    sa.Column('may_share', sa.Boolean(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('until_day', sa.Date(), nullable=False),
    sa.Column('face', sa.Boolean(), nullable=False),
    sa.Column('voice', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('subject_id', 'person_id', name=op.f('pk_standing')),
    comment='What the history adds up to, for each subject and person; no row where nothing is permitted.'
    )
    op.create_table('consent_events',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('scope', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('text_version', sa.String(), nullable=True),
    sa.Column('text_hash', sa.String(), nullable=True),
    sa.Column('signature', sa.Text(), nullable=True),
    sa.Column('channels', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_consent_events_person_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_consent_events')),
    sa.UniqueConstraint('id', name=op.f('uq_consent_events_id')),
    comment='Signatures and withdrawals, in the order they were given; never updated, never deleted.'
    )
    op.create_index(op.f('ix_consent_events_person_id'), 'consent_events', ['person_id'], unique=False)
    op.create_index(op.f('ix_consent_events_subject_id'), 'consent_events', ['subject_id'], unique=False)
    op.create_table('jobs',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('target_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('progress', sa.Float(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('error', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_jobs_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index(op.f('ix_jobs_person_id'), 'jobs', ['person_id'], unique=False)
    op.create_index(op.f('ix_jobs_state'), 'jobs', ['state'], unique=False)
    op.create_index(op.f('ix_jobs_target_id'), 'jobs', ['target_id'], unique=False)
    op.create_index('one_open_job', 'jobs', ['kind', 'target_id'], unique=True, sqlite_where=sa.text("state = 'waiting' OR (state = 'running' AND kind <> 'index')"), postgresql_where=sa.text("state = 'waiting' OR (state = 'running' AND kind <> 'index')"))
    op.create_table('passwords',
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_passwords_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_passwords'))
    )
    op.create_table('recordings',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('owner_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('original_key', sa.String(), nullable=False),
    sa.Column('original_name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('duration_s', sa.Float(), nullable=False),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('context', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('question_id', sa.String(), nullable=True),
    sa.Column('markers', sa.JSON(), nullable=False),
    sa.Column('playable_key', sa.String(), nullable=True),
    sa.Column('poster_key', sa.String(), nullable=True),
    sa.Column('sound_key', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_recordings_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings'))
    )
    op.create_index(op.f('ix_recordings_owner_id'), 'recordings', ['owner_id'], unique=False)
    op.create_index(op.f('ix_recordings_sha256'), 'recordings', ['sha256'], unique=False)
    op.create_table('standing_channels',
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['subject_id', 'person_id'], ['standing.subject_id', 'standing.person_id'], name=op.f('fk_standing_channels_subject_id_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subject_id', 'person_id', 'channel', name=op.f('pk_standing_channels'))
    )
    op.create_table('tokens',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_tokens_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_tokens'))
    )
    op.create_index(op.f('ix_tokens_person_id'), 'tokens', ['person_id'], unique=False)
    op.create_table('stories',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('author_id', sa.String(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('recorded_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recording_id', sa.String(), nullable=True),
    sa.Column('subject_id', sa.String(), nullable=False),
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('site', sa.Text(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('source_id', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_stories_author_id')),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_stories_recording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stories')),
    sa.UniqueConstraint('source_id', name=op.f('uq_stories_source_id'))
    )
    op.create_index(op.f('ix_stories_author_id'), 'stories', ['author_id'], unique=False)
    op.create_index(op.f('ix_stories_created_at'), 'stories', ['created_at'], unique=False)
    op.create_index(op.f('ix_stories_recording_id'), 'stories', ['recording_id'], unique=False)
    op.create_index(op.f('ix_stories_subject_id'), 'stories', ['subject_id'], unique=False)
    op.create_table('transcripts',
    sa.Column('recording_id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('model', sa.String(), nullable=False),
    sa.Column('duration_s', sa.Float(), nullable=False),
    sa.Column('segments', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('finished', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_transcripts_recording_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('recording_id', 'version', name=op.f('pk_transcripts')),
    sa.UniqueConstraint('id', name=op.f('uq_transcripts_id'))
    )
    op.create_table('clips',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('recording_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('first_word', sa.String(), nullable=False),
    sa.Column('last_word', sa.String(), nullable=False),
    sa.Column('removed', sa.JSON(), nullable=False),
    sa.Column('shape', sa.String(), nullable=False),
    sa.Column('captions', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('media_key', sa.String(), nullable=True),
    sa.Column('duration_s', sa.Float(), nullable=True),
    sa.Column('face', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_clips_person_id')),
    sa.ForeignKeyConstraint(['recording_id'], ['recordings.id'], name=op.f('fk_clips_recording_id')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_clips_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clips'))
    )
    op.create_index(op.f('ix_clips_person_id'), 'clips', ['person_id'], unique=False)
    op.create_index(op.f('ix_clips_recording_id'), 'clips', ['recording_id'], unique=False)
    op.create_index(op.f('ix_clips_story_id'), 'clips', ['story_id'], unique=False)
    op.create_table('drafts',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('profile', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('suggestion', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_drafts_person_id')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_drafts_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('story_id', 'person_id', 'profile', 'channel', 'language', name=op.f('uq_drafts_story_id_person_id_profile_channel_language'))
    )
    op.create_index(op.f('ix_drafts_person_id'), 'drafts', ['person_id'], unique=False)
    op.create_index(op.f('ix_drafts_story_id'), 'drafts', ['story_id'], unique=False)
    op.create_table('passages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('start', sa.Float(), nullable=True),
    sa.Column('end', sa.Float(), nullable=True),
    sa.Column('word_ids', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_passages_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passages')),
    sa.UniqueConstraint('story_id', 'number', name=op.f('uq_passages_story_id_number'))
    )
    op.create_index(op.f('ix_passages_story_id'), 'passages', ['story_id'], unique=False)
    op.create_table('posts',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_posts_person_id')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_posts_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts')),
    sa.UniqueConstraint('story_id', 'person_id', 'channel', name=op.f('uq_posts_story_id_person_id_channel'))
    )
    op.create_index(op.f('ix_posts_person_id'), 'posts', ['person_id'], unique=False)
    op.create_index(op.f('ix_posts_story_id'), 'posts', ['story_id'], unique=False)
    op.create_table('story_people',
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_people_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('story_id', 'position', name=op.f('pk_story_people')),
    comment="The author at 0, then those who appear; without a foreign key, so that nobody's going opens a story."
    )
    op.create_table('story_values',
    sa.Column('story_id', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_values_story_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('story_id', 'position', name=op.f('pk_story_values'))
    )
    op.create_index(op.f('ix_story_values_value_id'), 'story_values', ['value_id'], unique=False)
    dialect = op.get_bind().dialect.name
    if dialect == 'sqlite':
        op.execute("CREATE VIRTUAL TABLE passage_words USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')")
    if dialect == 'postgresql':
        op.execute('CREATE TABLE passage_words (passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE, length INTEGER NOT NULL, tokens TSVECTOR NOT NULL)')
    if dialect == 'postgresql':
        op.execute('CREATE INDEX ix_passage_words_tokens ON passage_words USING gin (tokens)')
