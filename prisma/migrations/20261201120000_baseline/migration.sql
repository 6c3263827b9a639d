-- The schema of Spaceport 0.1.0: roles, types, tables, foreign keys, functions with their triggers, owners and rights.
-- Functions that run as their owner (SECURITY DEFINER) have a fixed search path.

-- # Roles
-- Each process logs in as a member of its own role, so a stolen login has the rights of one process.
--   spaceport_web       writes what people decide: people, sessions, spaces, grants, requests, credentials
--   spaceport_worker    carries out decisions, ends what is due; creates spaces, grants and requests as Git declares them
--   spaceport_gateway   reads what it needs to decide on requests to clusters, records uses, adds to the trail
--   spaceport_auditor   reads the trail, its blocks and checkpoints; for an operator’s login
--   spaceport_archiver  reads the trail, archives its months, and gives pseudonyms; for an operator’s login
--   spaceport_queue     uses the job queue; the worker is a member (lib/kernel/db/migrate/migrate-queue.ts)
-- The other roles own tables and functions that processes may only use. No process is a member of them.
--   spaceport_queue_owner    the job queue’s schema, and the functions that add jobs
--   spaceport_trail_owner    the trail’s tables, and the functions that write to them
--   spaceport_pseudonymiser  the functions that give a person a pseudonym
--   spaceport_turn_owner     the turns, and the functions that take them
--   spaceport_unblocker      end_blockers(), which may end database sessions
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['spaceport_web', 'spaceport_worker', 'spaceport_gateway', 'spaceport_auditor', 'spaceport_archiver',
    'spaceport_queue', 'spaceport_queue_owner', 'spaceport_trail_owner', 'spaceport_pseudonymiser', 'spaceport_turn_owner',
    'spaceport_unblocker'] LOOP
    -- Roles belong to the whole server: another database may have created this one, or be creating it now.
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  -- Only a member of a role can make it the owner of something.
  FOREACH name IN ARRAY ARRAY['spaceport_queue_owner', 'spaceport_trail_owner', 'spaceport_pseudonymiser', 'spaceport_turn_owner',
    'spaceport_unblocker'] LOOP
    BEGIN
      IF NOT pg_has_role(name, 'USAGE') THEN
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
      END IF;
    EXCEPTION WHEN unique_violation THEN
      NULL;
    END;
  END LOOP;
  BEGIN
    IF NOT pg_has_role('spaceport_worker', 'spaceport_queue', 'MEMBER') THEN
      GRANT spaceport_queue TO spaceport_worker;
    END IF;
  EXCEPTION WHEN unique_violation THEN
    NULL;
  END;
  -- Before Postgres 16, a role that may create roles may grant this. From 16 on, the operator instead makes
  -- spaceport_unblocker a member of the processes’ logins (docs/install.md).
  BEGIN
    IF NOT pg_has_role('spaceport_unblocker', 'pg_signal_backend', 'MEMBER') THEN
      GRANT pg_signal_backend TO spaceport_unblocker;
    END IF;
  EXCEPTION WHEN insufficient_privilege OR unique_violation THEN
    NULL;
  END;
END
$$;
-- The new owner of a function needs CREATE on its schema. The last statement of this file takes that away from all but
-- the trail’s owner, which creates partitions.
GRANT USAGE, CREATE ON SCHEMA public TO spaceport_queue_owner, spaceport_trail_owner, spaceport_pseudonymiser, spaceport_turn_owner,
  spaceport_unblocker;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- # Turns
-- A turn is an empty table that only functions lock. Any login could take an advisory lock and keep it. Locking a table
-- queues fairly and writes nothing (ADR 39).
CREATE SCHEMA turn AUTHORIZATION spaceport_turn_owner;
CREATE TABLE turn.policy ();
CREATE TABLE turn.pushed_groups ();
CREATE TABLE turn.unseen ();
-- One turn for each slot of a provisioning token.
CREATE TABLE turn.provisioning_1 ();
CREATE TABLE turn.provisioning_2 ();
ALTER TABLE turn.policy OWNER TO spaceport_turn_owner;
ALTER TABLE turn.pushed_groups OWNER TO spaceport_turn_owner;
ALTER TABLE turn.unseen OWNER TO spaceport_turn_owner;
ALTER TABLE turn.provisioning_1 OWNER TO spaceport_turn_owner;
ALTER TABLE turn.provisioning_2 OWNER TO spaceport_turn_owner;

-- # Types
CREATE TYPE audit_outcome AS ENUM ('ok', 'refused', 'failed');
CREATE TYPE filtered_list AS ENUM ('trail', 'spaces', 'people', 'credentials');
-- State of a delivery, by mail or by webhook.
CREATE TYPE mail_state AS ENUM ('waiting', 'sent', 'skipped', 'given_up');
CREATE TYPE offer_state AS ENUM ('open', 'accepted', 'declined', 'withdrawn', 'expired');
CREATE TYPE platform_role AS ENUM ('member', 'auditor', 'admin');
CREATE TYPE request_kind AS ENUM ('space', 'size', 'role', 'life');
CREATE TYPE request_state AS ENUM ('open', 'approved', 'denied', 'withdrawn', 'expired');
CREATE TYPE review_line_kind AS ENUM ('grant', 'ownership', 'binding');
-- open: waits for a decision. undecided: no decision, and Spaceport can’t revoke it. ended: the access ended
-- otherwise. shown: only for information.
CREATE TYPE review_line_state AS ENUM ('open', 'kept', 'revoked', 'lowered', 'flagged', 'ended', 'undecided', 'shown');
-- What a review does at its end with undecided lines.
CREATE TYPE review_rule AS ENUM ('keep', 'revoke');
CREATE TYPE review_state AS ENUM ('starting', 'open', 'closing', 'closed');
CREATE TYPE space_role AS ENUM ('viewer', 'editor', 'admin');
CREATE TYPE space_size AS ENUM ('S', 'M', 'L');
CREATE TYPE space_status AS ENUM ('creating', 'ready', 'asleep', 'deleting', 'failed', 'deleted');
-- How a request for a provisioning token ended.
CREATE TYPE token_request_end AS ENUM ('revealed', 'declined', 'withdrawn', 'lapsed');
CREATE TYPE trail_export_state AS ENUM ('waiting', 'done', 'failed');
CREATE TYPE webhook_format AS ENUM ('spaceport', 'slack', 'teams');

-- # Tables: people and sessions
-- A person: one account at one identity provider, identified by (issuer, subject). A handle is never given to anyone
-- else.
CREATE TABLE user_account (
  id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  handle text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  platform_role platform_role NOT NULL DEFAULT 'member',
  deactivated_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_sign_in_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  left_out_groups text[] DEFAULT ARRAY[]::text[],
  deactivated_by_id uuid,
  deactivation_reason text,
  email_unverified boolean NOT NULL DEFAULT false,
  mail_choices jsonb NOT NULL DEFAULT '{}',
  groups_verified_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  groups_suspended_at timestamptz(3),
  unseen_warned_at timestamptz(3),
  unseen_reminded_at timestamptz(3),
  unseen_ends_at timestamptz(3),
  admin_until timestamptz(3),
  admin_reason text,
  deactivated_by_token_id uuid,
  never_signed_in boolean NOT NULL DEFAULT false,
  subject_claim text NOT NULL DEFAULT 'sub',
  oidc_sub text,
  named_role platform_role NOT NULL DEFAULT 'member',
  CONSTRAINT user_account_pkey PRIMARY KEY (id)
);
-- Platform admins, who are notified of requests.
CREATE INDEX user_account_admin_idx ON user_account (id) WHERE platform_role = 'admin';
-- Roles from groups are suspended when the provider has not confirmed the groups for too long, and restored later
-- (ADR 24).
CREATE INDEX user_account_groups_counting_idx ON user_account (groups_verified_at) WHERE groups_suspended_at IS NULL;
CREATE INDEX user_account_groups_suspended_idx ON user_account (groups_verified_at) WHERE groups_suspended_at IS NOT NULL;
CREATE UNIQUE INDEX user_account_handle_key ON user_account (handle);
-- Finds an account by its `sub` where the subject is another claim (ADR 36).
CREATE INDEX user_account_issuer_oidc_sub_idx ON user_account (issuer, oidc_sub);
CREATE UNIQUE INDEX user_account_issuer_subject_key ON user_account (issuer, subject);
-- The list of people, sorted by name.
CREATE INDEX user_account_name_id_idx ON user_account (name, id);
-- Unseen people who are due for a warning, and warned people who are due for deactivation (ADR 19).
CREATE INDEX user_account_unseen_idx ON user_account (last_sign_in_at) WHERE deactivated_at IS NULL AND unseen_warned_at
  IS NULL;
CREATE INDEX user_account_warned_idx ON user_account (unseen_ends_at) WHERE unseen_warned_at IS NOT NULL;
-- Search by part of a handle, name or email address. No fastupdate: every search would read the index’s pending list.
CREATE INDEX user_text_idx ON user_account USING gin ((((((handle || ' ') || name) || ' ') || email)) gin_trgm_ops) WITH
  (fastupdate=off);
-- Tells the planner how many people each provider has: nearly all come from one.
CREATE STATISTICS user_account_bare_issuer ON rtrim(issuer, '/') FROM user_account;

-- A group of a person, as the identity provider last sent it. Groups pushed by SCIM are in scim_group.
CREATE TABLE user_group (
  user_id uuid NOT NULL,
  "group" text NOT NULL,
  CONSTRAINT user_group_pkey PRIMARY KEY (user_id, "group")
);
CREATE INDEX user_group_group_idx ON user_group ("group");

-- A browser session of the portal. Of its token, only the SHA-256 is stored; the provider’s tokens are encrypted.
CREATE TABLE session (
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_seen_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  provider_sid text,
  id_token text,
  source_address text,
  user_agent text,
  provider_tokens text,
  rechecked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  authenticated_at timestamptz(3),
  CONSTRAINT session_pkey PRIMARY KEY (id)
);
CREATE INDEX session_expires_at_idx ON session (expires_at);
CREATE INDEX session_provider_sid_idx ON session (provider_sid);
CREATE UNIQUE INDEX session_token_hash_key ON session (token_hash);
CREATE INDEX session_user_id_idx ON session (user_id);

-- A change that gives or takes access, written by triggers and kept for a few minutes. A gateway that missed a
-- notification reads the changes that are new to it, instead of everything again.
CREATE TABLE access_change (
  id bigserial NOT NULL,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  subject text NOT NULL,
  CONSTRAINT access_change_pkey PRIMARY KEY (id)
);
CREATE INDEX access_change_at_idx ON access_change (at);
-- One row for each subject and transaction: a sign-in that replaces a hundred groups is one change.
CREATE UNIQUE INDEX access_change_transaction_subject_key ON access_change (transaction, subject);

-- How many times in a row an identity provider did not answer. While it is away, group memberships count for longer
-- (ADR 24).
CREATE TABLE identity_provider (
  issuer text NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  failures integer NOT NULL,
  CONSTRAINT identity_provider_pkey PRIMARY KEY (issuer)
);

-- The account to which an address gave a platform role. The address gives none to another account, because the provider
-- may have reassigned it (ADR 36). The hash is the SHA-256 of the issuer and the address.
CREATE TABLE named_address (
  hash bytea NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT named_address_pkey PRIMARY KEY (hash)
);

-- Counters of rate limits, as the library rate-limiter-flexible defines the table.
CREATE TABLE rate_limit (
  key character varying(255) NOT NULL,
  points integer NOT NULL DEFAULT 0,
  expire bigint,
  CONSTRAINT rate_limit_pkey PRIMARY KEY (key)
);

-- A break-glass code, who used it, and which admin acknowledged the use (ADR 25). Of the code, only the SHA-256 is
-- stored.
CREATE TABLE break_glass_code (
  id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  used_by_id uuid,
  source_address text,
  acknowledged_at timestamptz(3),
  acknowledged_by_id uuid,
  CONSTRAINT break_glass_code_pkey PRIMARY KEY (id)
);
-- Every page of an admin asks for unacknowledged uses.
CREATE INDEX break_glass_code_alarm_idx ON break_glass_code (used_at) WHERE used_at IS NOT NULL AND acknowledged_at IS NULL;
CREATE UNIQUE INDEX break_glass_code_code_hash_key ON break_glass_code (code_hash);

-- # Tables: clusters and spaces
-- A cluster: one context of the operator’s kubeconfig. While it has fence_faults, gateways hold back what they serve of
-- it.
CREATE TABLE cluster (
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  fence_faults jsonb NOT NULL DEFAULT '[]',
  fences_proved_at timestamptz(3),
  rights_findings jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT cluster_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX cluster_name_key ON cluster (name);

-- What the worker that leads a cluster last read from it (ADR 17). A table of its own, because it changes every minute
-- and only the worker writes it.
CREATE TABLE cluster_reading (
  cluster_id uuid NOT NULL,
  tried_at timestamptz(3),
  answered_at timestamptz(3),
  failing_since timestamptz(3),
  failure text,
  version text,
  latencies real[] DEFAULT ARRAY[]::real[],
  nodes jsonb,
  nodes_read_at timestamptz(3),
  nodes_refused_at timestamptz(3),
  drift_checked_at timestamptz(3),
  repaired_at timestamptz(3)[] DEFAULT (ARRAY[]::timestamptz[])::timestamptz(3)[],
  exempt text[] DEFAULT ARRAY[]::text[],
  exempt_count integer,
  CONSTRAINT cluster_reading_pkey PRIMARY KEY (cluster_id)
);

-- A space: one namespace on one cluster, owned by one person. Each change of the desired state increments generation;
-- observed_generation is the last one that the cluster matched. The declared_… columns are about the object on the
-- cluster that declares the space in Git (ADR 34).
CREATE TABLE space (
  id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  name text NOT NULL,
  namespace text NOT NULL,
  creation text NOT NULL,
  description text NOT NULL DEFAULT '',
  size space_size NOT NULL,
  owner_id uuid NOT NULL,
  status space_status NOT NULL DEFAULT 'creating',
  ends_at timestamptz(3),
  request_id uuid,
  generation integer NOT NULL DEFAULT 1,
  observed_generation integer NOT NULL DEFAULT 0,
  namespace_uid text,
  steps jsonb NOT NULL DEFAULT '[]',
  failure_code text,
  failure_message text,
  reconciled_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  delete_requested_at timestamptz(3),
  deleted_at timestamptz(3),
  first_ready_at timestamptz(3),
  failing_since timestamptz(3),
  declared_namespace text,
  declared_uid text,
  declared_generation integer,
  declared_done text[] DEFAULT ARRAY[]::text[],
  declared_members boolean NOT NULL DEFAULT false,
  CONSTRAINT space_pkey PRIMARY KEY (id)
);
CREATE INDEX space_cluster_id_name_idx ON space (cluster_id, name);
-- Changed policy rules are tried on the newest spaces. space_grant and request have such an index too.
CREATE INDEX space_created_at_idx ON space (created_at);
-- The name of a deleted space stays reserved for its owner for a while.
CREATE INDEX space_gone_namespace_idx ON space (cluster_id, namespace) WHERE status IN ('deleting', 'deleted');
CREATE INDEX space_living_created_idx ON space (created_at DESC, id) WHERE status <> 'deleted';
-- Spaces that expire soon.
CREATE INDEX space_living_ends_idx ON space (ends_at) WHERE ends_at IS NOT NULL AND status NOT IN ('deleting',
  'deleted');
CREATE INDEX space_living_name_idx ON space (name, id) WHERE status <> 'deleted';
-- Names and namespaces are unique among the living spaces of a cluster.
CREATE UNIQUE INDEX space_living_name_key ON space (cluster_id, name) WHERE status <> 'deleted';
CREATE UNIQUE INDEX space_living_namespace_key ON space (cluster_id, namespace) WHERE status <> 'deleted';
CREATE INDEX space_living_owner_idx ON space (owner_id, name) WHERE status <> 'deleted';
-- The spaces that exist on a cluster, in the order in which offboardings and reviews go through them.
CREATE INDEX space_on_cluster_idx ON space (cluster_id, namespace) WHERE namespace_uid IS NOT NULL AND status <>
  'deleted';
CREATE INDEX space_owner_id_idx ON space (owner_id);
-- Search by part of a name or description. No fastupdate: every search would read the index’s pending list.
CREATE INDEX space_text_idx ON space USING gin ((((name || ' ') || description)) gin_trgm_ops) WITH (fastupdate=off)
  WHERE (status <> 'deleted'::space_status);
-- Spaces that are not in their desired state.
CREATE INDEX space_unsettled_idx ON space (id) WHERE status IN ('creating', 'deleting', 'failed') OR observed_generation
  < generation;
-- Tells the planner how many spaces a search finds: it doesn’t use the statistics of a partial index for that.
CREATE STATISTICS space_text_statistics ON ((name || ' ') || description) FROM space;

-- A role in a space for a person or a group, from a start to an end (null: no end). A group is a name at one identity
-- provider, so group_issuer is part of it. withheld_from are platform admins who gave the role as such: it never counts
-- for them.
CREATE TABLE space_grant (
  id uuid NOT NULL,
  space_id uuid NOT NULL,
  user_id uuid,
  "group" text,
  role space_role NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3),
  created_by_id uuid,
  request_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  removed_at timestamptz(3),
  removed_by_id uuid,
  withheld_from uuid[] DEFAULT ARRAY[]::uuid[],
  group_issuer text,
  awaits_start boolean NOT NULL DEFAULT false,
  CONSTRAINT space_grant_group_has_issuer CHECK ((("group" IS NULL) = (group_issuer IS NULL)) AND group_issuer <> ''
    AND (group_issuer !~~ '%/')),
  CONSTRAINT space_grant_one_principal CHECK (num_nonnulls(user_id, "group") = 1),
  CONSTRAINT space_grant_span CHECK (ends_at IS NULL OR (ends_at > starts_at)),
  CONSTRAINT space_grant_withheld CHECK (withheld_from IS NOT NULL),
  CONSTRAINT space_grant_pkey PRIMARY KEY (id)
);
-- Grants that started later than they were given, and that the worker has not put on the cluster yet.
CREATE INDEX space_grant_awaits_start_idx ON space_grant (starts_at) WHERE awaits_start AND removed_at IS NULL;
CREATE INDEX space_grant_created_at_idx ON space_grant (created_at);
CREATE INDEX space_grant_ends_idx ON space_grant (ends_at) WHERE removed_at IS NULL AND ends_at IS NOT NULL;
CREATE INDEX space_grant_group_group_issuer_idx ON space_grant ("group", group_issuer);
-- A person or a group has one grant in a space. Grants from approved requests come in addition.
CREATE UNIQUE INDEX space_grant_group_key ON space_grant (space_id, "group", group_issuer) WHERE removed_at IS NULL AND
  request_id IS NULL;
CREATE INDEX space_grant_space_id_idx ON space_grant (space_id);
CREATE INDEX space_grant_user_id_idx ON space_grant (user_id);
CREATE UNIQUE INDEX space_grant_user_key ON space_grant (space_id, user_id) WHERE removed_at IS NULL AND request_id IS
  NULL;

-- An offer to become the owner of a space. Until the person accepts, the space stays with its owner.
CREATE TABLE space_offer (
  id uuid NOT NULL,
  space_id uuid NOT NULL,
  from_id uuid NOT NULL,
  to_id uuid NOT NULL,
  by_id uuid NOT NULL,
  reason text,
  state offer_state NOT NULL DEFAULT 'open',
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  CONSTRAINT space_offer_to_others CHECK ((to_id <> by_id) AND (to_id <> from_id)),
  CONSTRAINT space_offer_pkey PRIMARY KEY (id)
);
-- A space is offered to one person at a time.
CREATE UNIQUE INDEX space_offer_open_key ON space_offer (space_id) WHERE state = 'open';
CREATE INDEX space_offer_space_id_idx ON space_offer (space_id);
CREATE INDEX space_offer_state_expires_at_idx ON space_offer (state, expires_at);
CREATE INDEX space_offer_to_id_state_idx ON space_offer (to_id, state);

-- What a space uses of its quota, as last observed. A table of its own, because it changes often and an update of space
-- notifies the pages that show it.
CREATE TABLE space_usage (
  space_id uuid NOT NULL,
  usage jsonb NOT NULL,
  observed_at timestamptz(3) NOT NULL,
  CONSTRAINT space_usage_pkey PRIMARY KEY (space_id)
);

-- When a person last used a space with kubectl. The gateway writes it, at most once a minute for each person and space.
CREATE TABLE space_use (
  space_id uuid NOT NULL,
  user_id uuid NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  CONSTRAINT space_use_pkey PRIMARY KEY (space_id, user_id)
);

-- What a space used of its quota: a sample every ten minutes, one an hour after a day, none after a week (ADR 32). The
-- time comes first in the key, so that inserts go to one end of the index and deletes to the other. There is no foreign
-- key, because it would lock the row of every space every ten minutes.
CREATE TABLE usage_sample (
  at timestamp(0) with time zone NOT NULL,
  space_id uuid NOT NULL,
  used real[],
  hard real[],
  CONSTRAINT usage_sample_amounts CHECK (used IS NOT NULL AND hard IS NOT NULL),
  CONSTRAINT usage_sample_pkey PRIMARY KEY (at, space_id)
);

-- # Tables: policy and requests
-- A version of the policy that platform admins set in the portal. The newest one applies; without one, the
-- environment’s values do.
CREATE TABLE policy_version (
  number integer NOT NULL,
  rules jsonb NOT NULL,
  reason text NOT NULL,
  author_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT policy_version_number_positive CHECK (number > 0),
  CONSTRAINT policy_version_pkey PRIMARY KEY (number)
);

-- A request for something that the policy doesn’t allow outright.
CREATE TABLE request (
  id uuid NOT NULL,
  kind request_kind NOT NULL,
  requester_id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  space_id uuid,
  payload jsonb NOT NULL,
  payload_hash text NOT NULL,
  reason text NOT NULL,
  state request_state NOT NULL DEFAULT 'open',
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  expires_at timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  decider_id uuid,
  decision_reason text,
  ends_at timestamptz(3),
  took_effect_at timestamptz(3),
  CONSTRAINT request_pkey PRIMARY KEY (id)
);
CREATE INDEX request_decided_at_idx ON request (decided_at);
-- Finds what a person decided.
CREATE INDEX request_decider_id_idx ON request (decider_id);
-- Every page counts the requests that wait for a decision.
CREATE INDEX request_open_idx ON request (kind, space_id) WHERE state = 'open';
CREATE INDEX request_requester_id_created_at_idx ON request (requester_id, created_at);
CREATE INDEX request_space_id_state_idx ON request (space_id, state);
CREATE INDEX request_state_expires_at_idx ON request (state, expires_at);

-- An approval of a request, for the payload with this hash and no other. If the policy requires several, the request
-- takes effect with the last one.
CREATE TABLE request_approval (
  request_id uuid NOT NULL,
  payload_hash text NOT NULL,
  approver_id uuid NOT NULL,
  approved_at timestamptz(3) NOT NULL,
  reason text,
  minutes integer,
  CONSTRAINT request_approval_pkey PRIMARY KEY (request_id, payload_hash, approver_id)
);
CREATE INDEX request_approval_approver_id_idx ON request_approval (approver_id);

-- # Tables: kubeconfigs
-- The credential in a kubeconfig, for one space or (space_id is null) for all spaces of a person. Of its token, only
-- the SHA-256 is stored. One with a session_id is the portal’s own, for what the person does in the browser, and is
-- shown in no list (ADR 7).
CREATE TABLE credential (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  cluster_id uuid,
  space_id uuid,
  token_hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ends_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_by_id uuid,
  session_id uuid,
  name text,
  token_start text,
  CONSTRAINT credential_token_start CHECK (token_start ~ '^[A-Za-z0-9_-]{6}$'),
  CONSTRAINT credential_pkey PRIMARY KEY (id)
);
-- The list of all credentials, newest first.
CREATE INDEX credential_living_created_idx ON credential (created_at, id) WHERE revoked_at IS NULL;
CREATE INDEX credential_living_ends_idx ON credential (ends_at) WHERE revoked_at IS NULL;
CREATE INDEX credential_living_space_idx ON credential (space_id) WHERE revoked_at IS NULL;
CREATE INDEX credential_session_idx ON credential (session_id) WHERE session_id IS NOT NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX credential_token_hash_key ON credential (token_hash);
CREATE INDEX credential_user_id_created_at_idx ON credential (user_id, created_at);

-- When, from where and with what client a credential was last used. A table of its own, so that the gateway needs no
-- right to change, and so to lock, a credential (ADR 39). There is no foreign key, because it would lock the
-- credential’s row.
CREATE TABLE credential_use (
  credential_id uuid NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  address text,
  client text,
  CONSTRAINT credential_use_pkey PRIMARY KEY (credential_id)
);

-- # Tables: reviews
-- An access review: owners of spaces decide again who may use them (ADR 22).
CREATE TABLE review (
  id uuid NOT NULL,
  name text NOT NULL,
  scope jsonb NOT NULL,
  undecided review_rule NOT NULL,
  state review_state NOT NULL DEFAULT 'starting',
  by_id uuid,
  created_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  after uuid,
  lines integer NOT NULL DEFAULT 0,
  opened_at timestamptz(3),
  reminded_days integer,
  closed_by_id uuid,
  close_reason text,
  closed_at timestamptz(3),
  report_hash text,
  pseudonymised_at timestamptz(3),
  CONSTRAINT review_closed_whole CHECK (((state = 'closed') = (report_hash IS NOT NULL)) AND (num_nulls(closed_at,
    report_hash) = ANY (ARRAY[0, 2]))),
  CONSTRAINT review_pkey PRIMARY KEY (id)
);
-- Reviews in progress.
CREATE INDEX review_active_idx ON review (created_at) WHERE state <> 'closed';
CREATE INDEX review_created_at_id_idx ON review (created_at, id);
-- Submitting the form twice starts one review.
CREATE UNIQUE INDEX review_name_key ON review (name) WHERE state <> 'closed';

-- How far a review has searched a cluster for bindings that Spaceport did not create.
CREATE TABLE review_cluster (
  review_id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  after text NOT NULL DEFAULT '',
  spaces integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  failure_code text,
  next_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  CONSTRAINT review_cluster_pkey PRIMARY KEY (review_id, cluster_id)
);

-- A role, an ownership or a binding, copied when the review started, and what was decided about it.
CREATE TABLE review_line (
  id uuid NOT NULL,
  review_id uuid NOT NULL,
  kind review_line_kind NOT NULL,
  state review_line_state NOT NULL,
  space_id uuid,
  cluster text NOT NULL,
  space_name text NOT NULL,
  grant_id uuid,
  user_id uuid,
  "group" text,
  group_issuer text,
  holder text NOT NULL,
  holder_name text NOT NULL,
  handles text[] DEFAULT ARRAY[]::text[],
  role text NOT NULL,
  since timestamptz(3),
  ends_at timestamptz(3),
  given_by text,
  last_used_at timestamptz(3),
  unused boolean NOT NULL DEFAULT false,
  binding jsonb,
  reviewer_id uuid,
  decided_at timestamptz(3),
  decided_by_id uuid,
  to_role text,
  reason text,
  was_role text,
  CONSTRAINT review_line_pkey PRIMARY KEY (id)
);
-- A worker that repeats a step after a crash adds no line twice.
CREATE UNIQUE INDEX review_line_grant_key ON review_line (review_id, grant_id) WHERE grant_id IS NOT NULL;
-- Every page counts the reviews in which a line waits for its viewer.
CREATE INDEX review_line_open_idx ON review_line (review_id, reviewer_id) WHERE state = 'open';
CREATE INDEX review_line_review_id_reviewer_id_space_name_id_idx ON review_line (review_id, reviewer_id, space_name,
  id);
CREATE INDEX review_line_review_id_space_name_id_idx ON review_line (review_id, space_name, id);

-- A piece of a closed review’s report. review.report_hash is the SHA-256 of all pieces together.
CREATE TABLE review_report (
  review_id uuid NOT NULL,
  number integer NOT NULL,
  text text NOT NULL,
  CONSTRAINT review_report_pkey PRIMARY KEY (review_id, number)
);

-- When the next review starts. One row, which the worker that starts a review locks.
CREATE TABLE review_schedule (
  id integer NOT NULL,
  months integer,
  next_on date NOT NULL,
  due_days integer NOT NULL,
  undecided review_rule NOT NULL,
  CONSTRAINT review_schedule_one CHECK (id = 1),
  CONSTRAINT review_schedule_pkey PRIMARY KEY (id)
);

-- # Tables: offboarding
-- The offboarding of a departing user: what it ended, and the certificate, once every cluster has answered that the
-- person may do nothing there (ADR 21).
CREATE TABLE offboarding (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  by_id uuid NOT NULL,
  reason text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  ended jsonb NOT NULL,
  reactivated_at timestamptz(3),
  completed_at timestamptz(3),
  certificate text,
  certificate_hash text,
  pseudonymised_at timestamptz(3),
  act_id uuid,
  CONSTRAINT offboarding_certificate_whole CHECK (num_nulls(completed_at, certificate, certificate_hash) = ANY
    (ARRAY[0, 3])),
  CONSTRAINT offboarding_pkey PRIMARY KEY (id)
);
-- A person is offboarded once, until an admin reactivates them.
CREATE UNIQUE INDEX offboarding_in_force_idx ON offboarding (person_id) WHERE reactivated_at IS NULL;
-- Offboardings with an open certificate.
CREATE INDEX offboarding_open_idx ON offboarding (person_id) WHERE reactivated_at IS NULL AND completed_at IS NULL;
CREATE INDEX offboarding_person_id_created_at_idx ON offboarding (person_id, created_at);

-- How far a cluster was asked what a departing user may still do there, and what it answered.
CREATE TABLE offboarding_cluster (
  offboarding_id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  spaces_held uuid[],
  after text NOT NULL DEFAULT '',
  all_asked boolean NOT NULL DEFAULT false,
  spaces integer NOT NULL DEFAULT 0,
  reviews integer NOT NULL DEFAULT 0,
  allowed jsonb NOT NULL DEFAULT '[]',
  more_allowed boolean NOT NULL DEFAULT false,
  failures integer NOT NULL DEFAULT 0,
  failure_code text,
  next_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  CONSTRAINT offboarding_cluster_pkey PRIMARY KEY (offboarding_id, cluster_id)
);
-- Questions that are due at a cluster.
CREATE INDEX offboarding_cluster_due_idx ON offboarding_cluster (cluster_id, next_at) WHERE finished_at IS NULL;

-- # Tables: inbox, mail and webhooks
-- A notification in a person’s inbox, written in the transaction of the change that it is about. A person gets only one
-- with the same dedupe_key.
CREATE TABLE inbox_event (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL,
  space_id uuid,
  created_at timestamptz(3) NOT NULL,
  read_at timestamptz(3),
  dedupe_key text,
  CONSTRAINT inbox_event_pkey PRIMARY KEY (id)
);
-- Every page counts the unread ones.
CREATE INDEX inbox_event_unread_idx ON inbox_event (user_id) WHERE read_at IS NULL;
CREATE INDEX inbox_event_user_id_created_at_id_idx ON inbox_event (user_id, created_at, id);
CREATE UNIQUE INDEX inbox_event_user_id_dedupe_key_key ON inbox_event (user_id, dedupe_key);

-- A mail about a notification, written in the same transaction and sent by the worker.
CREATE TABLE mail_delivery (
  id uuid NOT NULL,
  event_id uuid NOT NULL,
  state mail_state NOT NULL DEFAULT 'waiting',
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL,
  last_error text,
  created_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  CONSTRAINT mail_delivery_pkey PRIMARY KEY (id)
);
CREATE INDEX mail_delivery_closed_at_idx ON mail_delivery (closed_at);
-- The worker looks for due mail every few seconds.
CREATE INDEX mail_delivery_due_idx ON mail_delivery (next_attempt_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX mail_delivery_event_id_key ON mail_delivery (event_id);

-- A person’s webhook for notifications. URL and secret are encrypted with a key that isn’t in the database.
CREATE TABLE webhook (
  user_id uuid NOT NULL,
  format webhook_format NOT NULL,
  host text NOT NULL,
  encrypted_url text NOT NULL,
  encrypted_secret text NOT NULL,
  choices jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  off_at timestamptz(3),
  CONSTRAINT webhook_pkey PRIMARY KEY (user_id)
);

-- A notification on its way to a webhook, like mail_delivery.
CREATE TABLE webhook_delivery (
  id uuid NOT NULL,
  event_id uuid NOT NULL,
  state mail_state NOT NULL DEFAULT 'waiting',
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL,
  last_error text,
  created_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id)
);
CREATE INDEX webhook_delivery_closed_at_idx ON webhook_delivery (closed_at);
CREATE INDEX webhook_delivery_due_idx ON webhook_delivery (next_attempt_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX webhook_delivery_event_id_key ON webhook_delivery (event_id);

-- How far the daily digest of upcoming expirations has been sent. One row, which the sending worker locks.
CREATE TABLE ending_digest (
  id integer NOT NULL,
  day date NOT NULL,
  day_before date NOT NULL,
  last_user_id uuid,
  done boolean NOT NULL,
  CONSTRAINT ending_digest_one CHECK (id = 1),
  CONSTRAINT ending_digest_pkey PRIMARY KEY (id)
);

-- A filter of a list that a person saved under a name. No constraint makes the name unique or limits its length,
-- because a pseudonym can replace two names and be longer than either. The portal checks both, with the person’s row
-- locked.
CREATE TABLE saved_filter (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  list filtered_list NOT NULL,
  name text NOT NULL,
  query jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT saved_filter_pkey PRIMARY KEY (id)
);
CREATE INDEX saved_filter_person_id_list_idx ON saved_filter (person_id, list);

-- # Tables: provisioning
-- A token with which an identity provider provisions people and groups (SCIM 2.0). Only its SHA-256 is stored. Two can
-- be valid at once, one in each slot. Without created_by_id, the operator’s command created it.
CREATE TABLE scim_token (
  id uuid NOT NULL,
  name text NOT NULL,
  slot integer NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  created_by_id uuid,
  last_used_at timestamptz(3),
  last_used_address text,
  revoked_at timestamptz(3),
  revoked_by_id uuid,
  expires_at timestamptz(3) NOT NULL DEFAULT (now() + '30 days'::interval),
  CONSTRAINT scim_token_slot_check CHECK (slot = ANY (ARRAY[1, 2])),
  CONSTRAINT scim_token_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX scim_token_in_force_idx ON scim_token (slot) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX scim_token_token_hash_key ON scim_token (token_hash);

-- An admin who requested, approved or took over a provisioning token. The token works while those who are responsible
-- for it, at first the two who made it, are active platform admins. What it says never counts for its makers (ADR 23).
CREATE TABLE scim_token_maker (
  token_id uuid NOT NULL,
  user_id uuid NOT NULL,
  responsible boolean NOT NULL DEFAULT true,
  CONSTRAINT scim_token_maker_pkey PRIMARY KEY (token_id, user_id)
);
CREATE INDEX scim_token_maker_user_id_idx ON scim_token_maker (user_id);

-- An admin’s request for a provisioning token. Another admin approves it; then the first one reveals the token, and
-- only then is the secret generated.
CREATE TABLE scim_token_request (
  id uuid NOT NULL,
  name text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  asked_by_id uuid NOT NULL,
  lapses_at timestamptz(3) NOT NULL,
  approved_at timestamptz(3),
  approved_by_id uuid,
  closed_at timestamptz(3),
  closed_by_id uuid,
  closed_as token_request_end,
  token_id uuid,
  CONSTRAINT scim_token_request_approved CHECK ((approved_at IS NULL) = (approved_by_id IS NULL)),
  CONSTRAINT scim_token_request_check CHECK (approved_by_id <> asked_by_id),
  CONSTRAINT scim_token_request_closed CHECK ((closed_at IS NULL) = (closed_as IS NULL)),
  CONSTRAINT scim_token_request_revealed CHECK (((closed_as = 'revealed') IS NOT TRUE) OR (approved_by_id IS NOT
    NULL AND token_id IS NOT NULL)),
  CONSTRAINT scim_token_request_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX scim_token_request_open_idx ON scim_token_request (asked_by_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX scim_token_request_token_id_key ON scim_token_request (token_id);

-- A provisioned person’s attributes, kept so that the provider can read them back. Who the person is, is in
-- user_account.
CREATE TABLE scim_user (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  user_name text NOT NULL,
  external_id text,
  display_name text,
  attributes jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL,
  modified_at timestamptz(3) NOT NULL,
  CONSTRAINT scim_user_pkey PRIMARY KEY (id)
);
CREATE INDEX scim_user_created_at_id_idx ON scim_user (created_at, id);
CREATE INDEX scim_user_display_name_idx ON scim_user (lower(display_name));
CREATE UNIQUE INDEX scim_user_external_id_key ON scim_user (external_id);
CREATE UNIQUE INDEX scim_user_user_id_key ON scim_user (user_id);
CREATE UNIQUE INDEX scim_user_user_name_idx ON scim_user (lower(user_name));

-- A group that the provider pushes. Its members count in place of what sign-ins say about the group (ADR 23).
-- named_by_id and changed_by_id are tokens, without foreign keys: tokens are never deleted, and a push would lock their
-- rows.
CREATE TABLE scim_group (
  id uuid NOT NULL,
  issuer text NOT NULL,
  display_name text NOT NULL,
  external_id text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL,
  modified_at timestamptz(3) NOT NULL,
  named_by_id uuid,
  changed_by_id uuid,
  suspended_at timestamptz(3),
  CONSTRAINT scim_group_pkey PRIMARY KEY (id)
);
CREATE INDEX scim_group_created_at_id_idx ON scim_group (created_at, id);
CREATE UNIQUE INDEX scim_group_display_name_idx ON scim_group (lower(display_name), issuer);
CREATE UNIQUE INDEX scim_group_display_name_issuer_key ON scim_group (display_name, issuer);
CREATE INDEX scim_group_external_id_idx ON scim_group (external_id);

-- A provisioned person in a pushed group. stated_by_id is the token that last said so, also without a foreign key.
CREATE TABLE scim_group_member (
  group_id uuid NOT NULL,
  user_id uuid NOT NULL,
  stated_by_id uuid,
  CONSTRAINT scim_group_member_pkey PRIMARY KEY (group_id, user_id)
);
CREATE INDEX scim_group_member_user_id_idx ON scim_group_member (user_id);

-- A freeze of provisioning. Until it has ended, provisioning changes nothing.
CREATE TABLE provisioning_freeze (
  id uuid NOT NULL,
  reason text NOT NULL,
  frozen_at timestamptz(3) NOT NULL,
  frozen_by_id uuid NOT NULL,
  ended_at timestamptz(3),
  ended_by_id uuid,
  CONSTRAINT provisioning_freeze_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX provisioning_freeze_open_idx ON provisioning_freeze ((ended_at IS NULL)) WHERE ended_at IS NULL;

-- # Tables: the trail
CREATE SEQUENCE audit_event_seq_seq;
-- Returns the next place in the trail: the month (UTC) and twelve digits from a sequence, e.g. 202611000000004711.
CREATE FUNCTION next_audit_seq() RETURNS bigint LANGUAGE sql AS $$
  SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMM')::bigint * 1000000000000
    + pg_catalog.nextval('public.audit_event_seq_seq'::regclass)
$$;

-- The trail (ADR 26). An action is one row without intent_id (an intent, or a complete event) and at most one outcome
-- row that points to it. Rows are only ever added. Within a month, id and intent_id are unique. `at` is the process’s
-- time, recorded_at the database’s. Only rows from a cluster’s own audit have a route.
CREATE TABLE audit_event (
  seq bigint NOT NULL DEFAULT next_audit_seq(),
  id uuid NOT NULL,
  intent_id uuid,
  action text NOT NULL,
  at timestamptz(3) NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_handle text,
  actor_name text,
  target_kind text NOT NULL,
  target_id text,
  target_name text,
  space_id uuid,
  namespace text,
  observer text NOT NULL,
  source_address text,
  user_agent text,
  destination text NOT NULL,
  outcome audit_outcome,
  reason text,
  detail jsonb NOT NULL DEFAULT '{}',
  request_id text,
  cluster_audit_id text,
  recorded_at timestamptz(6) NOT NULL DEFAULT clock_timestamp(),
  salt uuid DEFAULT gen_random_uuid(),
  personal_hash bytea,
  route text,
  CONSTRAINT audit_event_outcome_row CHECK (intent_id IS NULL OR outcome IS NOT NULL),
  CONSTRAINT audit_event_route CHECK (route = ANY (ARRAY['gateway', 'spaceport', 'around'])),
  CONSTRAINT audit_event_pkey PRIMARY KEY (seq),
  CONSTRAINT audit_event_size CHECK ((octet_length((detail)::text) <= 65536) AND (octet_length(concat(action,
    actor_kind, actor_handle, actor_name, target_kind, target_id, target_name, namespace, observer, source_address,
    user_agent, destination, reason, request_id, cluster_audit_id)) <= 65536)),
  CONSTRAINT audit_event_time CHECK ((at >= '1970-01-01 00:00:00+00'::timestamptz) AND (at < '9999-01-01
    00:00:00+00'::timestamptz))
) PARTITION BY RANGE (seq);
-- A person’s page shows their last sign-ins, however rare these are.
CREATE INDEX audit_event_sign_in_idx ON audit_event (actor_id, seq) WHERE intent_id IS NULL AND (route IS NULL OR route
  = 'around') AND action = 'session.sign-in';
-- What a person created that could act for them after they leave. audit_event_unmade_idx finds what was deleted since.
CREATE INDEX audit_event_made_idx ON audit_event (actor_id, seq) WHERE intent_id IS NULL AND (route IS NULL OR route =
  'around') AND action IN ('kubectl.create', 'kubectl.update', 'kubectl.patch') AND target_kind IN ('serviceaccounts',
  'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
-- What a person did. audit_event_about_idx finds what was done to them.
CREATE INDEX audit_event_actor_id_seq_idx ON audit_event (actor_id, seq) WHERE intent_id IS NULL AND (route IS NULL OR
  route = 'around');
-- Intents that may lack an outcome row.
CREATE INDEX audit_event_open_idx ON audit_event (at) WHERE intent_id IS NULL AND (route IS NULL OR route = 'around')
  AND outcome IS NULL AND action NOT LIKE 'kubectl.%';
-- From a request in a cluster’s audit to the gateway’s intent, and back.
CREATE INDEX audit_event_cluster_audit_id_idx ON audit_event (cluster_audit_id) WHERE intent_id IS NULL AND
  cluster_audit_id IS NOT NULL;
-- Actions that name a space without belonging to one.
CREATE INDEX audit_event_spaceless_idx ON audit_event ((coalesce(namespace, target_name)), seq) WHERE intent_id IS NULL
  AND (route IS NULL OR route = 'around') AND space_id IS NULL AND (namespace IS NOT NULL OR target_kind = 'space');
-- The worker looks for these rows every few seconds, to notify admins and auditors.
CREATE INDEX audit_event_unmatched_idx ON audit_event (destination, seq) WHERE intent_id IS NULL AND action =
  'cluster.unmatched' AND route IS NOT NULL;
-- A token that a person requested (kubectl create token) counts as that person’s, even if it is bound to a pod.
CREATE INDEX audit_event_issued_idx ON audit_event ((detail ->> 'issued')) WHERE intent_id IS NULL AND route IS NOT NULL
  AND (detail ->> 'issued') IS NOT NULL;
CREATE INDEX audit_event_space_id_seq_idx ON audit_event (space_id, seq) WHERE intent_id IS NULL AND (route IS NULL OR
  route = 'around');
CREATE INDEX audit_event_unmade_idx ON audit_event (space_id, target_kind, target_name, seq) WHERE intent_id IS NULL AND
  (route IS NULL OR route = 'around') AND action = 'kubectl.delete' AND target_kind IN ('serviceaccounts',
  'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
CREATE INDEX audit_event_about_idx ON audit_event (target_id, seq) WHERE intent_id IS NULL AND (route IS NULL OR route =
  'around') AND target_kind = 'person';

-- A block of the trail’s hash chain: up to a thousand rows of one month. Only seal_trail() adds blocks.
CREATE TABLE audit_block (
  number bigint NOT NULL,
  month integer NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  sealed_at timestamptz(6) NOT NULL,
  rows integer NOT NULL,
  seqs bigint[],
  row_hashes bytea NOT NULL,
  CONSTRAINT audit_block_whole CHECK (seqs IS NOT NULL AND rows > 0 AND (cardinality(seqs) = rows) AND
    (octet_length(row_hashes) = (32 * rows)) AND octet_length(previous) = 32 AND octet_length(hash) = 32),
  CONSTRAINT audit_block_pkey PRIMARY KEY (number, month)
) PARTITION BY RANGE (month);
-- Finds the block of a row: within a block, rows are in the order of seq, and blocks nearly so.
CREATE INDEX audit_block_first_seq_idx ON audit_block ((seqs[1]));

-- A row of the trail that is in no block yet. These rows live for seconds, so vacuum runs after every 5,000 of them.
CREATE TABLE audit_unsealed (
  seq bigint NOT NULL,
  CONSTRAINT audit_unsealed_pkey PRIMARY KEY (seq)
) WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000');

-- A statement about the chain up to a block, signed by the worker.
CREATE TABLE audit_checkpoint (
  block bigint NOT NULL,
  hash bytea NOT NULL,
  rows bigint NOT NULL,
  made_at timestamptz(6) NOT NULL,
  key_id text NOT NULL,
  statement text NOT NULL,
  signature bytea NOT NULL,
  CONSTRAINT audit_checkpoint_pkey PRIMARY KEY (block, key_id)
);

-- A public key of checkpoints, for those who have no better source of it.
CREATE TABLE audit_key (
  key_id text NOT NULL,
  public_key text NOT NULL,
  first_used_at timestamptz(6) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_key_pkey PRIMARY KEY (key_id)
);

-- A row to lock for each thing that the trail’s functions do one at a time. Any login could take an advisory lock and
-- keep it; only these functions may lock a row. For `seal`, highest is the highest seq in a block.
CREATE TABLE audit_turn (
  name text NOT NULL,
  highest bigint,
  CONSTRAINT audit_turn_pkey PRIMARY KEY (name)
);

-- # Tables: search in the trail
-- The search index of the trail, filled by the worker so that writing a row stays cheap: the words of a chunk, which is
-- a thousand numbers of the sequence. A search finds chunks by their words, newest first, and reads their rows
-- (ADR 28). A chunk with too many words has none here.
CREATE TABLE audit_words (
  chunk bigint NOT NULL,
  first_at timestamptz(3),
  last_at timestamptz(3),
  words tsvector,
  CONSTRAINT audit_words_pkey PRIMARY KEY (chunk)
);
-- Chunks that every search reads.
CREATE INDEX audit_words_unkept_idx ON audit_words (chunk) WHERE words IS NULL;
-- Every search reads the index’s pending list, so the list is kept short.
CREATE INDEX audit_words_words_idx ON audit_words USING gin (words) WITH (gin_pending_list_limit='1024');

-- How far the trail is indexed. One row.
CREATE TABLE audit_words_state (
  "only" boolean DEFAULT true NOT NULL,
  -- Every seq below it is in audit_words.
  next_seq bigint NOT NULL DEFAULT 0,
  -- Every transaction that drew a number up to it from the sequence has ended.
  settled bigint NOT NULL DEFAULT 0,
  -- The next value of settled, once no transaction before drawn_before runs.
  drawn bigint NOT NULL DEFAULT 0,
  drawn_before xid8 NOT NULL DEFAULT '0'::xid8,
  -- Blocks up to it were searched for rows that came late.
  block bigint NOT NULL DEFAULT 0,
  CONSTRAINT audit_words_state_one CHECK ("only"),
  CONSTRAINT audit_words_state_pkey PRIMARY KEY ("only")
);

-- A chunk with outdated words. Every search reads it until it is indexed again.
CREATE TABLE audit_words_again (
  chunk bigint NOT NULL,
  CONSTRAINT audit_words_again_pkey PRIMARY KEY (chunk)
);

-- # Tables: checks, exports, delivery and archives of the trail
-- A verification of the trail, requested in the portal or started by the schedule. Only the worker writes the result,
-- and a finished verification never changes (ADR 26).
CREATE TABLE trail_check (
  id uuid NOT NULL,
  asked_by_id uuid,
  asked_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  from_at timestamptz(3),
  to_at timestamptz(3),
  cancelled_at timestamptz(3),
  cancelled_by_id uuid,
  started_at timestamptz(3),
  seen_at timestamptz(3),
  total bigint NOT NULL DEFAULT 0,
  done bigint NOT NULL DEFAULT 0,
  first_block bigint,
  last_block bigint,
  ended_at timestamptz(3),
  result text,
  findings jsonb NOT NULL DEFAULT '[]',
  finding_count integer NOT NULL DEFAULT 0,
  CONSTRAINT trail_check_ended CHECK ((result IS NULL) = (ended_at IS NULL)),
  CONSTRAINT trail_check_nightly CHECK (asked_by_id IS NOT NULL OR (from_at IS NULL AND to_at IS NULL)),
  CONSTRAINT trail_check_result CHECK (result = ANY (ARRAY['holds', 'broken', 'cancelled', 'gave-up'])),
  CONSTRAINT trail_check_pkey PRIMARY KEY (id)
);
CREATE INDEX trail_check_asked_at_idx ON trail_check (asked_at);
-- One verification at a time.
CREATE UNIQUE INDEX trail_check_running ON trail_check ((true)) WHERE ended_at IS NULL;

-- An export of the trail for a person. Web says what is exported; the worker writes the file and its progress.
CREATE TABLE trail_export (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  format text NOT NULL,
  filter jsonb NOT NULL,
  state trail_export_state NOT NULL DEFAULT 'waiting',
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  until bigint,
  total bigint,
  cursor text NOT NULL DEFAULT '',
  reached timestamptz(3),
  events bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  parts integer NOT NULL DEFAULT 0,
  error text,
  attempts integer NOT NULL DEFAULT 0,
  taken_until timestamptz(3),
  CONSTRAINT trail_export_pkey PRIMARY KEY (id)
);
CREATE INDEX trail_export_created_at_idx ON trail_export (created_at);
CREATE INDEX trail_export_person_id_created_at_idx ON trail_export (person_id, created_at);

-- A piece of an export: a gzip file. One after the other, gzip files are one (RFC 1952, section 2.2).
CREATE TABLE trail_export_part (
  export_id uuid NOT NULL,
  number integer NOT NULL,
  start bigint NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT trail_export_part_pkey PRIMARY KEY (export_id, number)
);
-- It is compressed already.
ALTER TABLE trail_export_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX trail_export_part_export_id_start_key ON trail_export_part (export_id, start);

-- How far the trail was delivered to a receiver outside: all blocks up to `block`, `position` events of the next one,
-- and the checkpoints up to block `checkpoint` (ADR 29).
CREATE TABLE trail_delivery (
  sink text NOT NULL,
  host text NOT NULL,
  block bigint NOT NULL DEFAULT 0,
  "position" integer DEFAULT 0 NOT NULL,
  checkpoint bigint NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  delivered_at timestamptz(3),
  failing_since timestamptz(3),
  last_error text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  seen_at timestamptz(3) NOT NULL,
  CONSTRAINT trail_delivery_pkey PRIMARY KEY (sink)
);

-- How many months before the current one stay in the database at least, and for how many days an archived month still
-- does. One row, which only the tables’ owner changes. PCI DSS 4.0, 10.5.1: three months immediately available.
CREATE TABLE audit_retention (
  id integer NOT NULL,
  months integer NOT NULL,
  days integer NOT NULL,
  CONSTRAINT audit_retention_bounds CHECK (id = 1 AND (months >= 1 AND months <= 1200) AND (days >= 0 AND days <=
    365)),
  CONSTRAINT audit_retention_pkey PRIMARY KEY (id)
);

-- A month that was archived (ADR 30). The row stays forever, and the chain continues from its hash. Month 0 is what was
-- in the partition audit_event_before.
CREATE TABLE audit_archive (
  month integer NOT NULL,
  blocks bigint NOT NULL,
  rows bigint NOT NULL,
  first_block bigint,
  last_block bigint,
  head bytea,
  runs jsonb NOT NULL,
  sha256 bytea NOT NULL,
  made_at timestamptz(6) NOT NULL DEFAULT clock_timestamp(),
  login text NOT NULL,
  CONSTRAINT audit_archive_whole CHECK (octet_length(sha256) = 32 AND ((rows = 0) = (blocks = 0)) AND
    (num_nulls(first_block, last_block, head) = CASE WHEN (blocks = 0) THEN 3 ELSE 0 END)),
  CONSTRAINT audit_archive_pkey PRIMARY KEY (month)
);

-- # Tables: the clusters’ own audit
-- A token with which a cluster’s API server sends its audit (ADR 27). Only its SHA-256 is stored.
CREATE TABLE cluster_audit_token (
  id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  CONSTRAINT cluster_audit_token_pkey PRIMARY KEY (id)
);
CREATE INDEX cluster_audit_token_cluster_id_idx ON cluster_audit_token (cluster_id);
CREATE UNIQUE INDEX cluster_audit_token_token_hash_key ON cluster_audit_token (token_hash);

-- When a cluster’s audit last arrived, and up to which row of the trail people were notified of misused identities. A
-- table of its own, because it changes often.
CREATE TABLE cluster_audit_intake (
  cluster_id uuid NOT NULL,
  received_at timestamptz(3) NOT NULL,
  event_at timestamptz(3),
  alarmed_seq bigint,
  alarmed_at timestamptz(3),
  CONSTRAINT cluster_audit_intake_pkey PRIMARY KEY (cluster_id)
);

-- How many events of a kind a cluster’s audit reported in a minute beyond those that are kept. After the minute, it
-- becomes one row of the trail.
CREATE TABLE cluster_audit_counted (
  cluster_id uuid NOT NULL,
  minute timestamptz(3) NOT NULL,
  key text NOT NULL,
  count bigint NOT NULL,
  "row" jsonb NOT NULL,
  CONSTRAINT cluster_audit_counted_pkey PRIMARY KEY (cluster_id, minute, key)
);

-- Someone whom a cluster’s audit saw in a space, bypassing the gateway, and the kind of credential they used.
CREATE TABLE direct_access (
  space_id uuid NOT NULL,
  user_name text NOT NULL,
  credential text NOT NULL,
  credential_id text NOT NULL,
  first_seen_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  last_address text NOT NULL,
  last_request text NOT NULL,
  CONSTRAINT direct_access_credential CHECK (credential = ANY (ARRAY['certificate', 'token', 'pod', 'other'])),
  CONSTRAINT direct_access_pkey PRIMARY KEY (space_id, user_name, credential, credential_id)
);
CREATE INDEX direct_access_last_seen_at_idx ON direct_access (last_seen_at);
CREATE INDEX direct_access_space_id_last_seen_at_idx ON direct_access (space_id, last_seen_at);

-- # Tables: pseudonyms
-- A person’s pseudonym. While it is being given, `terms` has the texts to replace and `was` the former handle, and
-- nothing else does. Afterwards both are null.
CREATE TABLE pseudonym (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  handle text NOT NULL,
  terms jsonb,
  started_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  rows bigint NOT NULL DEFAULT 0,
  was text,
  CONSTRAINT pseudonym_terms CHECK (num_nulls(terms, was) = CASE WHEN (finished_at IS NULL) THEN 0 ELSE 2 END),
  CONSTRAINT pseudonym_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX pseudonym_handle_key ON pseudonym (handle);
CREATE UNIQUE INDEX pseudonym_open_key ON pseudonym (person_id) WHERE finished_at IS NULL;

-- # Foreign keys
ALTER TABLE user_account ADD CONSTRAINT user_account_deactivated_by_token_id_fkey FOREIGN KEY (deactivated_by_token_id)
  REFERENCES scim_token(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE user_group ADD CONSTRAINT user_group_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE session ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE CASCADE;
ALTER TABLE named_address ADD CONSTRAINT named_address_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE break_glass_code ADD CONSTRAINT break_glass_code_acknowledged_by_id_fkey FOREIGN KEY (acknowledged_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE break_glass_code ADD CONSTRAINT break_glass_code_used_by_id_fkey FOREIGN KEY (used_by_id) REFERENCES user_account(id)
  ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE cluster_reading ADD CONSTRAINT cluster_reading_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES
  cluster(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE space ADD CONSTRAINT space_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES cluster(id) ON UPDATE CASCADE
  ON DELETE RESTRICT;
ALTER TABLE space ADD CONSTRAINT space_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE space_grant ADD CONSTRAINT space_grant_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE space_grant ADD CONSTRAINT space_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE space_offer ADD CONSTRAINT space_offer_by_id_fkey FOREIGN KEY (by_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE space_offer ADD CONSTRAINT space_offer_from_id_fkey FOREIGN KEY (from_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE space_offer ADD CONSTRAINT space_offer_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE space_offer ADD CONSTRAINT space_offer_to_id_fkey FOREIGN KEY (to_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE space_usage ADD CONSTRAINT space_usage_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE CASCADE;
ALTER TABLE space_use ADD CONSTRAINT space_use_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE CASCADE;
ALTER TABLE space_use ADD CONSTRAINT space_use_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE CASCADE;
ALTER TABLE policy_version ADD CONSTRAINT policy_version_author_id_fkey FOREIGN KEY (author_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE request ADD CONSTRAINT request_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES cluster(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE request ADD CONSTRAINT request_decider_id_fkey FOREIGN KEY (decider_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE request ADD CONSTRAINT request_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE request ADD CONSTRAINT request_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE CASCADE
  ON DELETE RESTRICT;
ALTER TABLE request_approval ADD CONSTRAINT request_approval_approver_id_fkey FOREIGN KEY (approver_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE request_approval ADD CONSTRAINT request_approval_request_id_fkey FOREIGN KEY (request_id) REFERENCES
  request(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE credential ADD CONSTRAINT credential_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES cluster(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE credential ADD CONSTRAINT credential_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE credential ADD CONSTRAINT credential_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE review ADD CONSTRAINT review_by_id_fkey FOREIGN KEY (by_id) REFERENCES user_account(id) ON UPDATE CASCADE ON
  DELETE RESTRICT;
ALTER TABLE review ADD CONSTRAINT review_closed_by_id_fkey FOREIGN KEY (closed_by_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE review_cluster ADD CONSTRAINT review_cluster_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES cluster(id)
  ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE review_cluster ADD CONSTRAINT review_cluster_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE review_line ADD CONSTRAINT review_line_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE review_line ADD CONSTRAINT review_line_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE review_report ADD CONSTRAINT review_report_review_id_fkey FOREIGN KEY (review_id) REFERENCES review(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE offboarding ADD CONSTRAINT offboarding_by_id_fkey FOREIGN KEY (by_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE offboarding ADD CONSTRAINT offboarding_person_id_fkey FOREIGN KEY (person_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE offboarding_cluster ADD CONSTRAINT offboarding_cluster_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES
  cluster(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE offboarding_cluster ADD CONSTRAINT offboarding_cluster_offboarding_id_fkey FOREIGN KEY (offboarding_id)
  REFERENCES offboarding(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE inbox_event ADD CONSTRAINT inbox_event_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE inbox_event ADD CONSTRAINT inbox_event_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE mail_delivery ADD CONSTRAINT mail_delivery_event_id_fkey FOREIGN KEY (event_id) REFERENCES inbox_event(id)
  ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE webhook ADD CONSTRAINT webhook_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_event_id_fkey FOREIGN KEY (event_id) REFERENCES
  inbox_event(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE saved_filter ADD CONSTRAINT saved_filter_person_id_fkey FOREIGN KEY (person_id) REFERENCES user_account(id)
  ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token ADD CONSTRAINT scim_token_created_by_id_fkey FOREIGN KEY (created_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token ADD CONSTRAINT scim_token_revoked_by_id_fkey FOREIGN KEY (revoked_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_maker ADD CONSTRAINT scim_token_maker_token_id_fkey FOREIGN KEY (token_id) REFERENCES
  scim_token(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_maker ADD CONSTRAINT scim_token_maker_user_id_fkey FOREIGN KEY (user_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_request ADD CONSTRAINT scim_token_request_approved_by_id_fkey FOREIGN KEY (approved_by_id)
  REFERENCES user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_request ADD CONSTRAINT scim_token_request_asked_by_id_fkey FOREIGN KEY (asked_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_request ADD CONSTRAINT scim_token_request_closed_by_id_fkey FOREIGN KEY (closed_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_token_request ADD CONSTRAINT scim_token_request_token_id_fkey FOREIGN KEY (token_id) REFERENCES
  scim_token(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_user ADD CONSTRAINT scim_user_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id) ON UPDATE
  CASCADE ON DELETE RESTRICT;
ALTER TABLE scim_group_member ADD CONSTRAINT scim_group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES
  scim_group(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE scim_group_member ADD CONSTRAINT scim_group_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES
  scim_user(user_id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE provisioning_freeze ADD CONSTRAINT provisioning_freeze_ended_by_id_fkey FOREIGN KEY (ended_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE provisioning_freeze ADD CONSTRAINT provisioning_freeze_frozen_by_id_fkey FOREIGN KEY (frozen_by_id)
  REFERENCES user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE trail_check ADD CONSTRAINT trail_check_asked_by_id_fkey FOREIGN KEY (asked_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE trail_check ADD CONSTRAINT trail_check_cancelled_by_id_fkey FOREIGN KEY (cancelled_by_id) REFERENCES
  user_account(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE trail_export ADD CONSTRAINT trail_export_person_id_fkey FOREIGN KEY (person_id) REFERENCES user_account(id)
  ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE trail_export_part ADD CONSTRAINT trail_export_part_export_id_fkey FOREIGN KEY (export_id) REFERENCES
  trail_export(id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE cluster_audit_token ADD CONSTRAINT cluster_audit_token_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES
  cluster(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE cluster_audit_intake ADD CONSTRAINT cluster_audit_intake_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES
  cluster(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE cluster_audit_counted ADD CONSTRAINT cluster_audit_counted_cluster_id_fkey FOREIGN KEY (cluster_id)
  REFERENCES cluster(id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE direct_access ADD CONSTRAINT direct_access_space_id_fkey FOREIGN KEY (space_id) REFERENCES space(id)
  ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE pseudonym ADD CONSTRAINT pseudonym_person_id_fkey FOREIGN KEY (person_id) REFERENCES user_account(id) ON
  UPDATE CASCADE ON DELETE RESTRICT;

-- # Functions and triggers: people and sessions
-- Takes a turn until the end of the transaction, shared or alone. Only the hold_…() functions call it, as the turns’
-- owner.
CREATE FUNCTION take_turn(turn text, alone boolean) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('LOCK TABLE turn.%I IN %s MODE', turn, CASE WHEN alone THEN 'EXCLUSIVE' ELSE 'ROW SHARE' END);
END
$$;
REVOKE ALL ON FUNCTION take_turn(turn text, alone boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_turn(turn text, alone boolean) TO spaceport_turn_owner;

-- Notifies every process that access changed, on channel spaceport_access, and records the change for gateways that
-- miss it. The subject is credential:{id}, user:{id}, space:{id} or cluster:{id}; policy:{number} and provider:1
-- concern everyone.
CREATE FUNCTION notify_access_change(subject text) RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO access_change (subject) VALUES (notify_access_change.subject) ON CONFLICT DO NOTHING;
  SELECT pg_notify('spaceport_access', notify_access_change.subject);
$$;

CREATE FUNCTION notify_user() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('user:' || NEW.id);
  RETURN NULL;
END
$$;
-- groups_verified_at decides until when the person’s groups count.
CREATE TRIGGER user_account_notify AFTER UPDATE ON user_account FOR EACH ROW
  WHEN (OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at OR OLD.platform_role IS DISTINCT FROM NEW.platform_role
    OR OLD.admin_until IS DISTINCT FROM NEW.admin_until OR OLD.groups_verified_at IS DISTINCT FROM NEW.groups_verified_at)
  EXECUTE FUNCTION notify_user();

CREATE FUNCTION notify_user_group() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('user:' || COALESCE(NEW.user_id, OLD.user_id));
  RETURN NULL;
END
$$;
CREATE TRIGGER scim_group_member_notify AFTER INSERT OR UPDATE OR DELETE ON scim_group_member FOR EACH ROW EXECUTE FUNCTION notify_user_group();
-- What a token says doesn’t count for its makers.
CREATE TRIGGER scim_token_maker_notify AFTER INSERT OR UPDATE OR DELETE ON scim_token_maker FOR EACH ROW EXECUTE FUNCTION notify_user_group();
CREATE TRIGGER user_group_notify AFTER INSERT OR UPDATE OR DELETE ON user_group FOR EACH ROW EXECUTE FUNCTION notify_user_group();

-- Notifies the portal, on channel spaceport_session, that a session of a person ended.
CREATE FUNCTION notify_session() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_session', OLD.user_id::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER session_notify AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION notify_session();
-- A session also ends by an earlier end. Then its row stays for the sign-out at the provider.
CREATE TRIGGER session_notify_end AFTER UPDATE OF expires_at ON session FOR EACH ROW
  WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION notify_session();

-- Revokes a session’s credential with the session, with the rights of the login that deletes the session.
CREATE FUNCTION revoke_session_credentials() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE credential SET revoked_at = now() WHERE session_id = OLD.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER session_revoke_credentials AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION revoke_session_credentials();

-- Ends a session’s credential together with a session that gets an earlier end, because its row stays for a while.
CREATE FUNCTION end_session_credentials() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE credential SET ends_at = NEW.expires_at WHERE session_id = NEW.id AND revoked_at IS NULL AND ends_at > NEW.expires_at;
  RETURN NULL;
END
$$;
CREATE TRIGGER session_end_credentials AFTER UPDATE OF expires_at ON session FOR EACH ROW
  WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION end_session_credentials();

-- Notifies everyone when a provider is away (five failures in a row) and when it is back.
CREATE FUNCTION notify_identity_provider() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (OLD.failures >= 5) <> (NEW.failures >= 5) THEN
    PERFORM notify_access_change('provider:1');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER identity_provider_notify AFTER UPDATE ON identity_provider FOR EACH ROW EXECUTE FUNCTION notify_identity_provider();

-- Notifies the open pages of a person that something concerning them changed, on channel spaceport_person:
-- {topic}:{person}. The payload never says what happened (ADR 16).
CREATE FUNCTION notify_person() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_person', TG_ARGV[0] || ':' || NEW.user_id);
  RETURN NULL;
END
$$;
-- A session’s own credential is in no list.
CREATE TRIGGER credential_notify_person AFTER INSERT ON credential FOR EACH ROW
  WHEN (NEW.session_id IS NULL) EXECUTE FUNCTION notify_person('credentials');
CREATE TRIGGER credential_notify_person_update AFTER UPDATE ON credential FOR EACH ROW
  WHEN (NEW.session_id IS NULL AND (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at))
  EXECUTE FUNCTION notify_person('credentials');
CREATE TRIGGER inbox_event_notify AFTER INSERT ON inbox_event FOR EACH ROW EXECUTE FUNCTION notify_person('inbox');
CREATE TRIGGER inbox_event_notify_read AFTER UPDATE ON inbox_event FOR EACH ROW
  WHEN (OLD.read_at IS DISTINCT FROM NEW.read_at) EXECUTE FUNCTION notify_person('inbox');

-- Limits logins that may not change people otherwise, such as the worker’s: they deactivate only people whom
-- may_deactivate_unseen() allows, and can’t reactivate anyone. The pseudonymiser may replace the reason.
CREATE FUNCTION guard_deactivation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF has_column_privilege('user_account', 'platform_role', 'UPDATE') THEN RETURN NEW; END IF;
  IF current_user = 'spaceport_pseudonymiser' AND OLD.deactivated_at IS NOT DISTINCT FROM NEW.deactivated_at THEN RETURN NEW; END IF;
  IF OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL AND may_deactivate_unseen(OLD.id) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'permission denied to deactivate or reactivate this person' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER user_account_guard_deactivation BEFORE UPDATE OF deactivated_at, deactivation_reason ON user_account
  FOR EACH ROW EXECUTE FUNCTION guard_deactivation();

-- Takes the turn of deactivating unseen people: one transaction at a time. Runs as the turns’ owner.
CREATE FUNCTION hold_unseen() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT public.take_turn('unseen', true) $$;
ALTER FUNCTION hold_unseen() OWNER TO spaceport_turn_owner;
REVOKE ALL ON FUNCTION hold_unseen() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_unseen() TO spaceport_worker;

-- Returns whether an unseen person may be deactivated: not if seen within 30 days, the least that a policy can say, nor
-- if they are the last active platform admin of their provider. The turn keeps two workers from deactivating two admins
-- at once.
CREATE FUNCTION may_deactivate_unseen(person uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM hold_unseen();
  RETURN EXISTS (SELECT FROM user_account u
    WHERE u.id = person AND u.deactivated_at IS NULL AND u.last_sign_in_at <= now() - interval '30 days'
      AND NOT EXISTS (SELECT FROM session x WHERE x.user_id = u.id AND x.last_seen_at > now() - interval '30 days')
      AND NOT EXISTS (SELECT FROM credential k JOIN credential_use n ON n.credential_id = k.id
        WHERE k.user_id = u.id AND n.last_used_at > now() - interval '30 days')
      AND (u.platform_role <> 'admin' OR EXISTS (
        SELECT FROM user_account o WHERE o.platform_role = 'admin' AND o.deactivated_at IS NULL AND o.id <> u.id
          AND rtrim(o.issuer, '/') = rtrim(u.issuer, '/'))));
END
$$;

-- A break-glass code works once, and nothing recorded of its use can be changed.
CREATE FUNCTION keep_break_glass_code() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.used_at IS NOT NULL AND (NEW.used_at, NEW.used_by_id, NEW.source_address) IS DISTINCT FROM (OLD.used_at, OLD.used_by_id, OLD.source_address)
    OR OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at, NEW.acknowledged_by_id) IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by_id)
  THEN
    RAISE EXCEPTION 'the use of a break-glass code is recorded once';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER break_glass_code_keep BEFORE UPDATE ON break_glass_code FOR EACH ROW EXECUTE FUNCTION keep_break_glass_code();

-- Returns whether the current login has the worker’s role and not web’s.
CREATE FUNCTION is_worker_alone() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT pg_has_role(current_user, 'spaceport_worker', 'MEMBER') AND NOT pg_has_role(current_user, 'spaceport_web', 'MEMBER')
$$;

-- # Functions and triggers: clusters and spaces
CREATE FUNCTION notify_cluster() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('cluster:' || NEW.id);
  RETURN NULL;
END
$$;
-- Gateways hold back what they serve of a cluster while its fences have faults.
CREATE TRIGGER cluster_notify AFTER UPDATE ON cluster FOR EACH ROW
  WHEN ((OLD.fence_faults = '[]'::jsonb) IS DISTINCT FROM (NEW.fence_faults = '[]'::jsonb)) EXECUTE FUNCTION notify_cluster();

-- Notifies the pages that show a space, on channel spaceport_space, and everyone else of what changes access to it.
CREATE FUNCTION notify_space() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.id::text);
  IF TG_OP = 'INSERT' OR OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.status IS DISTINCT FROM NEW.status
     OR OLD.namespace_uid IS DISTINCT FROM NEW.namespace_uid OR OLD.ends_at IS DISTINCT FROM NEW.ends_at
     OR OLD.first_ready_at IS DISTINCT FROM NEW.first_ready_at THEN
    PERFORM notify_access_change('space:' || NEW.id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER space_notify AFTER INSERT OR UPDATE ON space FOR EACH ROW EXECUTE FUNCTION notify_space();

CREATE FUNCTION notify_grant() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('space:' || COALESCE(NEW.space_id, OLD.space_id));
  PERFORM pg_notify('spaceport_space', COALESCE(NEW.space_id, OLD.space_id)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER space_grant_notify AFTER INSERT OR UPDATE OR DELETE ON space_grant FOR EACH ROW EXECUTE FUNCTION notify_grant();

-- Notifies the pages that show the space, the person who offers it, the one to whom it is offered, and its owner.
CREATE FUNCTION notify_offer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_space', NEW.space_id::text);
  PERFORM pg_notify('spaceport_person', 'spaces:' || person)
    FROM unnest(ARRAY[NEW.to_id, NEW.from_id, NEW.by_id]) AS person;
  RETURN NULL;
END
$$;
CREATE TRIGGER space_offer_notify AFTER INSERT OR UPDATE ON space_offer FOR EACH ROW EXECUTE FUNCTION notify_offer();

-- Keeps the worker’s login from creating spaces that Git doesn’t declare, and from changing their settings (ADR 34).
CREATE FUNCTION keep_worker_to_declared_spaces() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.declared_namespace IS NULL THEN
      RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker makes only spaces that are declared';
    END IF;
    RETURN NEW;
  END IF;
  -- The worker may clear declared_namespace, but never set it on an existing space.
  IF OLD.declared_namespace IS NULL OR NEW.declared_namespace <> OLD.declared_namespace THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker changes only spaces that are declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER space_worker_insert BEFORE INSERT ON space FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_spaces();
CREATE TRIGGER space_worker_update BEFORE UPDATE OF description, size, ends_at, declared_namespace, declared_uid,
  declared_generation, declared_done, declared_members ON space FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_spaces();

-- Keeps the worker’s login from giving and changing roles in spaces that Git doesn’t declare, and roles from requests.
CREATE FUNCTION keep_worker_to_declared_grants() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF NEW.request_id IS NOT NULL OR NOT EXISTS (
    SELECT FROM public.space s WHERE s.id = NEW.space_id AND s.declared_namespace IS NOT NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker gives roles only in spaces that are declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER space_grant_worker_insert BEFORE INSERT ON space_grant FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_grants();
CREATE TRIGGER space_grant_worker_update BEFORE UPDATE OF role, ends_at, removed_by_id, withheld_from ON space_grant
  FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_grants();

-- # Functions and triggers: policy and requests
-- Returns the newest version of the policy and shares its turn, so that it stays the newest until the end of the
-- transaction. Web, which adds versions, takes the turn alone; other logins are refused that. The function is volatile,
-- so its query sees what was committed while it waited. Runs as the turns’ owner.
CREATE FUNCTION hold_policy(alone boolean) RETURNS TABLE(number integer, rules text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF alone AND NOT pg_has_role(session_user, 'spaceport_web', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied to keep others from deciding by the policy';
  END IF;
  PERFORM public.take_turn('policy', alone);
  RETURN QUERY SELECT p."number", p."rules"::text FROM public.policy_version p ORDER BY p."number" DESC LIMIT 1;
END
$$;
ALTER FUNCTION hold_policy(boolean) OWNER TO spaceport_turn_owner;
REVOKE ALL ON FUNCTION hold_policy(alone boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_policy(alone boolean) TO spaceport_web, spaceport_worker;

-- A new policy can change how long memberships of groups count, for everyone.
CREATE FUNCTION notify_policy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('policy:' || NEW.number);
  RETURN NULL;
END
$$;
CREATE TRIGGER policy_version_notify AFTER INSERT ON policy_version FOR EACH ROW EXECUTE FUNCTION notify_policy();

-- Notifies the pages of the requester, of the owner of the space, and of everyone who decides by a role or a group
-- (requests:deciders).
CREATE FUNCTION notify_request_change(requester uuid, about uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT pg_notify('spaceport_person', 'requests:' || requester), pg_notify('spaceport_person', 'requests:deciders');
  SELECT pg_notify('spaceport_person', 'requests:' || s.owner_id) FROM space s WHERE s.id = about;
$$;

CREATE FUNCTION notify_request() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_request_change(NEW.requester_id, NEW.space_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER request_notify AFTER INSERT ON request FOR EACH ROW EXECUTE FUNCTION notify_request();
CREATE TRIGGER request_notify_update AFTER UPDATE ON request FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.took_effect_at IS DISTINCT FROM NEW.took_effect_at)
  EXECUTE FUNCTION notify_request();

CREATE FUNCTION notify_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_request_change(r.requester_id, r.space_id) FROM request r WHERE r.id = NEW.request_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER request_approval_notify AFTER INSERT ON request_approval FOR EACH ROW EXECUTE FUNCTION notify_approval();

-- Keeps the worker’s login from adding requests that are decided, ask for a role, or are about spaces that Git doesn’t
-- declare.
CREATE FUNCTION keep_worker_to_declared_requests() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF NEW.state <> 'open' OR NEW.kind = 'role'
    OR (NEW.kind = 'space' AND (NEW.space_id IS NOT NULL OR NEW.payload->>'declaredIn' IS NULL))
    OR (NEW.kind <> 'space' AND NOT EXISTS (SELECT FROM public.space s
      WHERE s.id = NEW.space_id AND s.declared_namespace IS NOT NULL AND s.owner_id = NEW.requester_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker asks only for what is declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER request_worker_insert BEFORE INSERT ON request FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_requests();

-- # Functions and triggers: kubeconfigs
CREATE FUNCTION notify_credential() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('credential:' || OLD.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER credential_notify_delete AFTER DELETE ON credential FOR EACH ROW EXECUTE FUNCTION notify_credential();
CREATE TRIGGER credential_notify_update AFTER UPDATE ON credential FOR EACH ROW
  WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at) EXECUTE FUNCTION notify_credential();

-- Lists of credentials show a use at once.
CREATE FUNCTION notify_credential_use() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('spaceport_person', 'credentials:' || c.user_id) FROM credential c WHERE c.id = NEW.credential_id AND c.session_id IS NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER credential_use_notify AFTER INSERT OR UPDATE ON credential_use FOR EACH ROW EXECUTE FUNCTION notify_credential_use();

-- # Functions and triggers: reviews
-- Refuses new and changed lines and new pieces of the report, for every login, once a review is closed: the page and
-- the report stay the same. Only a pseudonym may replace names.
CREATE FUNCTION refuse_closed_review() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_user <> 'spaceport_pseudonymiser' AND EXISTS (SELECT FROM touched t JOIN review v ON v.id = t.review_id WHERE v.state = 'closed') THEN
    RAISE EXCEPTION 'the review is closed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER review_line_closed_insert AFTER INSERT ON review_line
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();
CREATE TRIGGER review_line_closed_update AFTER UPDATE ON review_line
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();
CREATE TRIGGER review_report_closed_insert AFTER INSERT ON review_report
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();

-- # Functions and triggers: offboarding
-- Web may have a cluster asked sooner, but not later.
CREATE FUNCTION keep_offboarding_due() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_user = 'spaceport_web' AND NEW.next_at > OLD.next_at THEN
    RAISE EXCEPTION 'only the worker puts off asking a cluster';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER offboarding_cluster_due BEFORE UPDATE OF next_at ON offboarding_cluster FOR EACH ROW EXECUTE FUNCTION keep_offboarding_due();

-- Refuses to undo a deactivation or an offboarding without a row of the trail in the same transaction. Arguments: the
-- row’s action, and the column with the id of the person. Runs at the commit, because the row may come second. The
-- tables’ owner is exempt.
CREATE FUNCTION require_trail_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN RETURN NULL; END IF;
  -- recorded_at is the database’s clock, which no process can choose.
  IF NOT EXISTS (SELECT FROM audit_event e WHERE e.target_kind = 'person' AND e.target_id = to_jsonb(NEW) ->> TG_ARGV[1]
      AND e.action = TG_ARGV[0] AND e.intent_id IS NULL AND (e.route IS NULL OR e.route = 'around')
      AND e.recorded_at >= transaction_timestamp()) THEN
    RAISE insufficient_privilege USING
      MESSAGE = format('permission denied: %s is changed only with a row %s in the trail', TG_TABLE_NAME, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER offboarding_reactivated AFTER UPDATE ON offboarding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.reactivated_at IS NULL AND NEW.reactivated_at IS NOT NULL)
  EXECUTE FUNCTION require_trail_row('person.reactivate', 'person_id');
CREATE CONSTRAINT TRIGGER user_account_reactivated AFTER UPDATE ON user_account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.deactivated_at IS NOT NULL AND NEW.deactivated_at IS NULL)
  EXECUTE FUNCTION require_trail_row('person.reactivate', 'id');

-- # Functions and triggers: inbox, mail and webhooks
-- inbox_event has triggers that call notify_person(), webhook has one that calls keep_ends().
-- # Functions and triggers: provisioning
-- A group that is pushed, renamed or deleted changes the access of its members, and of people whose sign-ins name a
-- group of that name.
CREATE FUNCTION notify_scim_group() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('user:' || m.user_id) FROM scim_group_member m WHERE m.group_id = COALESCE(NEW.id, OLD.id);
  PERFORM notify_access_change('user:' || g.user_id) FROM user_group g WHERE g."group" IN (NEW.display_name, OLD.display_name);
  RETURN NULL;
END
$$;
CREATE TRIGGER scim_group_notify AFTER INSERT OR DELETE ON scim_group FOR EACH ROW EXECUTE FUNCTION notify_scim_group();
CREATE TRIGGER scim_group_notify_rename AFTER UPDATE ON scim_group FOR EACH ROW
  WHEN (OLD.display_name IS DISTINCT FROM NEW.display_name) EXECUTE FUNCTION notify_scim_group();

-- A group stops counting for the makers of the token that named it last, and counts again for those of the token
-- before.
CREATE FUNCTION notify_scim_group_named() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('user:' || maker.user_id)
    FROM (SELECT DISTINCT user_id FROM scim_token_maker WHERE OLD.named_by_id IS NULL OR token_id IN (OLD.named_by_id, NEW.named_by_id)) maker;
  RETURN NULL;
END
$$;
CREATE TRIGGER scim_group_notify_named AFTER UPDATE ON scim_group FOR EACH ROW
  WHEN (OLD.named_by_id IS DISTINCT FROM NEW.named_by_id) EXECUTE FUNCTION notify_scim_group_named();

-- The first use of a token on a day makes pushed memberships count for longer, for everyone.
CREATE FUNCTION notify_scim_token_use() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM notify_access_change('provider:1');
  RETURN NULL;
END
$$;
CREATE TRIGGER scim_token_notify_use AFTER UPDATE OF last_used_at ON scim_token FOR EACH ROW
  WHEN (date_trunc('day', OLD.last_used_at) IS DISTINCT FROM date_trunc('day', NEW.last_used_at)) EXECUTE FUNCTION notify_scim_token_use();

-- Takes the turn of a provisioning token: its changes come one at a time, in whichever web process. Runs as the turns’
-- owner.
CREATE FUNCTION hold_provisioning(token uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT public.take_turn('provisioning_' || (2 - t.slot % 2), true) FROM public.scim_token t WHERE t.id = hold_provisioning.token $$;
ALTER FUNCTION hold_provisioning(uuid) OWNER TO spaceport_turn_owner;
REVOKE ALL ON FUNCTION hold_provisioning(token uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_provisioning(token uuid) TO spaceport_web;

-- Takes the turn of which groups are pushed: sign-ins share it, a push takes it alone. Runs as the turns’ owner.
CREATE FUNCTION hold_pushed_groups(alone boolean) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT public.take_turn('pushed_groups', hold_pushed_groups.alone) $$;
ALTER FUNCTION hold_pushed_groups(boolean) OWNER TO spaceport_turn_owner;
REVOKE ALL ON FUNCTION hold_pushed_groups(alone boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_pushed_groups(alone boolean) TO spaceport_web;

-- Makes a token’s creator one of its makers. Refuses a token without a creator, unless the tables’ owner inserts it.
CREATE FUNCTION keep_token_maker() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.created_by_id IS NOT NULL THEN
    INSERT INTO public.scim_token_maker (token_id, user_id) VALUES (NEW.id, NEW.created_by_id) ON CONFLICT DO NOTHING;
  ELSIF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: only the operator''s command creates a token without makers';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER scim_token_maker AFTER INSERT ON scim_token FOR EACH ROW EXECUTE FUNCTION keep_token_maker();

-- Locks the tokens of a responsible admin who is deactivated or loses the role. A change by a token locks the token
-- last and then checks that it works, so it either commits first or is refused. Deferred, so that others wait for a
-- commit at most. The worker has no right to tokens: a change may commit while it deactivates an unseen admin.
CREATE FUNCTION hold_tokens_of_maker() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF has_column_privilege('public.scim_token', 'revoked_at', 'UPDATE') THEN
    PERFORM FROM public.scim_token t WHERE t.revoked_at IS NULL
      AND EXISTS (SELECT FROM public.scim_token_maker m WHERE m.token_id = t.id AND m.user_id = NEW.id AND m.responsible)
      ORDER BY t.id FOR NO KEY UPDATE OF t;
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER user_account_stops_tokens AFTER UPDATE ON user_account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.deactivated_at IS NULL AND NEW.deactivated_at IS NOT NULL
    OR OLD.platform_role = 'admin' AND NEW.platform_role <> 'admin'
    OR OLD.admin_until IS NOT NULL AND (NEW.admin_until IS NULL OR NEW.admin_until < OLD.admin_until))
  EXECUTE FUNCTION hold_tokens_of_maker();

-- # Functions and triggers: ends stay
-- Keeps what has ended from being undone, for every login but the tables’ owner’s (ADR 39). Each argument of a trigger
-- is a rule:
--   end COLUMN                a time can be set, and moved to an earlier one
--   end COLUMN except web     the same, but spaceport_web may set it to null
--   fixed COLUMN              never changes
--   grows COLUMN              an array loses no element
--   state COLUMN A,B>C>D,E    a state goes only to a later group, or changes within the first one
CREATE FUNCTION keep_ends() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
  rule text[];
  was text;
  now_is text;
  groups text[];
  rank int;
  new_rank int;
  holds boolean;
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN RETURN NEW; END IF;
  FOR i IN 0 .. TG_NARGS - 1 LOOP
    rule := string_to_array(TG_ARGV[i], ' ');
    was := before ->> rule[2];
    now_is := after ->> rule[2];
    CONTINUE WHEN was IS NOT DISTINCT FROM now_is;
    CASE rule[1]
      WHEN 'end' THEN
        holds := was IS NULL OR now_is::timestamptz < was::timestamptz
          OR (now_is IS NULL AND rule[3] = 'except' AND pg_has_role(current_user, 'spaceport_' || rule[4], 'USAGE'));
      WHEN 'fixed' THEN
        holds := false;
      WHEN 'grows' THEN
        holds := (after -> rule[2]) @> (before -> rule[2]);
      WHEN 'state' THEN
        groups := string_to_array(rule[3], '>');
        SELECT max(n) FILTER (WHERE was = ANY (string_to_array(g, ','))), max(n) FILTER (WHERE now_is = ANY (string_to_array(g, ',')))
          INTO rank, new_rank FROM unnest(groups) WITH ORDINALITY AS t(g, n);
        holds := new_rank > rank OR (rank = 1 AND new_rank = 1);
    END CASE;
    IF holds IS NOT TRUE THEN
      RAISE insufficient_privilege USING
        MESSAGE = format('permission denied: %s.%s can’t be taken back', TG_TABLE_NAME, rule[2]);
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
CREATE TRIGGER credential_keep_ends BEFORE UPDATE ON credential FOR EACH ROW
  WHEN ((OLD.id, OLD.user_id, OLD.cluster_id, OLD.space_id, OLD.session_id, OLD.token_hash, OLD.ends_at, OLD.revoked_at)
    IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.cluster_id, NEW.space_id, NEW.session_id, NEW.token_hash, NEW.ends_at, NEW.revoked_at))
  EXECUTE FUNCTION keep_ends('end revoked_at', 'end ends_at', 'fixed id', 'fixed user_id', 'fixed cluster_id', 'fixed space_id',
    'fixed session_id', 'fixed token_hash');
CREATE TRIGGER offboarding_keep_ends BEFORE UPDATE ON offboarding FOR EACH ROW
  WHEN ((OLD.person_id, OLD.reactivated_at, OLD.completed_at) IS DISTINCT FROM (NEW.person_id, NEW.reactivated_at, NEW.completed_at))
  EXECUTE FUNCTION keep_ends('end reactivated_at', 'end completed_at', 'fixed person_id');
CREATE TRIGGER provisioning_freeze_keep_ends BEFORE UPDATE ON provisioning_freeze FOR EACH ROW
  WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at)
  EXECUTE FUNCTION keep_ends('end ended_at');
CREATE TRIGGER request_keep_ends BEFORE UPDATE ON request FOR EACH ROW
  WHEN ((OLD.state, OLD.decided_at, OLD.expires_at) IS DISTINCT FROM (NEW.state, NEW.decided_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('state state open>approved,denied,withdrawn,expired', 'end decided_at', 'end expires_at');
CREATE TRIGGER review_keep_ends BEFORE UPDATE ON review FOR EACH ROW
  WHEN ((OLD.state, OLD.closed_at) IS DISTINCT FROM (NEW.state, NEW.closed_at))
  EXECUTE FUNCTION keep_ends('state state starting>open>closing>closed', 'end closed_at');
CREATE TRIGGER review_line_keep_ends BEFORE UPDATE ON review_line FOR EACH ROW
  WHEN ((OLD.state, OLD.decided_at) IS DISTINCT FROM (NEW.state, NEW.decided_at))
  EXECUTE FUNCTION keep_ends('state state open>kept,revoked,lowered,flagged,ended,undecided,shown', 'end decided_at');
CREATE TRIGGER scim_token_keep_ends BEFORE UPDATE ON scim_token FOR EACH ROW
  WHEN ((OLD.id, OLD.token_hash, OLD.revoked_at, OLD.expires_at) IS DISTINCT FROM (NEW.id, NEW.token_hash, NEW.revoked_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('end revoked_at', 'end expires_at', 'fixed id', 'fixed token_hash');
CREATE TRIGGER scim_token_request_keep_ends BEFORE UPDATE ON scim_token_request FOR EACH ROW
  WHEN (OLD.closed_at IS NOT NULL)
  EXECUTE FUNCTION keep_ends('fixed closed_at', 'fixed closed_as', 'fixed lapses_at', 'fixed expires_at', 'fixed approved_by_id', 'fixed token_id');
CREATE TRIGGER session_keep_ends BEFORE UPDATE ON session FOR EACH ROW
  WHEN ((OLD.id, OLD.user_id, OLD.token_hash, OLD.expires_at) IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.token_hash, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('end expires_at', 'fixed id', 'fixed user_id', 'fixed token_hash');
CREATE TRIGGER space_grant_keep_ends BEFORE UPDATE ON space_grant FOR EACH ROW
  WHEN ((OLD.id, OLD.removed_at, OLD.withheld_from) IS DISTINCT FROM (NEW.id, NEW.removed_at, NEW.withheld_from))
  EXECUTE FUNCTION keep_ends('end removed_at', 'grows withheld_from', 'fixed id');
CREATE TRIGGER space_keep_ends BEFORE UPDATE ON space FOR EACH ROW
  WHEN ((OLD.status IN ('deleting', 'deleted') AND OLD.status <> NEW.status) OR OLD.id <> NEW.id
    OR (OLD.deleted_at, OLD.delete_requested_at) IS DISTINCT FROM (NEW.deleted_at, NEW.delete_requested_at))
  EXECUTE FUNCTION keep_ends('state status creating,ready,asleep,failed>deleting>deleted', 'end deleted_at', 'end delete_requested_at', 'fixed id');
CREATE TRIGGER space_offer_keep_ends BEFORE UPDATE ON space_offer FOR EACH ROW
  WHEN ((OLD.state, OLD.closed_at, OLD.expires_at) IS DISTINCT FROM (NEW.state, NEW.closed_at, NEW.expires_at))
  EXECUTE FUNCTION keep_ends('state state open>accepted,declined,withdrawn,expired', 'end closed_at', 'end expires_at');
CREATE TRIGGER trail_check_keep_ends BEFORE UPDATE ON trail_check FOR EACH ROW
  WHEN (OLD.cancelled_at IS DISTINCT FROM NEW.cancelled_at)
  EXECUTE FUNCTION keep_ends('end cancelled_at');
CREATE TRIGGER user_account_keep_ends BEFORE UPDATE ON user_account FOR EACH ROW
  WHEN (OLD.id <> NEW.id OR OLD.deactivated_at IS DISTINCT FROM NEW.deactivated_at)
  EXECUTE FUNCTION keep_ends('end deactivated_at except web', 'fixed id');
-- A deactivated person who became someone else at the provider could sign in as a new person.
CREATE TRIGGER user_account_keep_identity BEFORE UPDATE ON user_account FOR EACH ROW
  WHEN (OLD.deactivated_at IS NOT NULL AND current_user <> 'spaceport_pseudonymiser'
    AND (OLD.issuer, OLD.subject, OLD.subject_claim, OLD.oidc_sub) IS DISTINCT FROM (NEW.issuer, NEW.subject, NEW.subject_claim, NEW.oidc_sub))
  EXECUTE FUNCTION keep_ends('fixed issuer', 'fixed subject', 'fixed subject_claim', 'fixed oidc_sub');
-- The owner of a webhook may turn it on again. The worker only turns it off.
CREATE TRIGGER webhook_keep_ends BEFORE UPDATE ON webhook FOR EACH ROW
  WHEN (OLD.off_at IS DISTINCT FROM NEW.off_at)
  EXECUTE FUNCTION keep_ends('end off_at except web');

-- Ends database sessions that keep a revocation waiting (ADR 39). Returns how many it ended, and how many it may not
-- end.
--   - The sessions for which session `waiting` of the caller’s login waits, directly or through others, and that wait for
--     none themselves. Of the caller’s own login only if `own` is true, and neither those in `honest`, which the caller
--     uses for people’s changes, nor those whose transaction is younger than 100 ms, which may be missing in that list.
--   - The sessions that keep any session of the caller’s login waiting by a table lock in a mode that no process uses.
-- Sessions of the tables’ owner are never ended. Runs as spaceport_unblocker, which may end sessions of other logins.
CREATE FUNCTION end_blockers(waiting integer, own boolean, honest integer[]) RETURNS TABLE(ended integer, refused integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me oid := (SELECT oid FROM pg_roles WHERE rolname = session_user);
  owner oid := (SELECT relowner FROM pg_class WHERE oid = 'public.credential'::regclass);
  blocker int;
BEGIN
  ended := 0;
  refused := 0;
  FOR blocker IN
    WITH RECURSIVE mine AS (
      SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.usesysid = me),
    chain(pid) AS (
      SELECT unnest(pg_blocking_pids(m.pid)) FROM mine m WHERE m.pid = waiting
      UNION SELECT unnest(pg_blocking_pids(c.pid)) FROM chain c),
    roots AS (
      SELECT a.pid FROM chain c JOIN pg_stat_activity a ON a.pid = c.pid
      WHERE cardinality(pg_blocking_pids(c.pid)) = 0 AND (a.usesysid <> me
        OR own AND a.pid <> ALL (honest) AND coalesce(a.xact_start, '-infinity') <= clock_timestamp() - interval '100 milliseconds')
      UNION SELECT l.pid FROM pg_locks l JOIN pg_class t ON t.oid = l.relation AND t.relnamespace = 'public'::regnamespace
      WHERE l.granted AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND EXISTS (SELECT FROM mine m WHERE l.pid = ANY (pg_blocking_pids(m.pid))))
    SELECT r.pid FROM roots r JOIN pg_stat_activity a ON a.pid = r.pid WHERE NOT pg_has_role(a.usesysid, owner, 'MEMBER')
  LOOP
    BEGIN
      IF pg_terminate_backend(blocker) THEN ended := ended + 1; END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      refused := refused + 1;
    END;
  END LOOP;
  RETURN NEXT;
END
$$;
ALTER FUNCTION end_blockers(integer, boolean, integer[]) OWNER TO spaceport_unblocker;
REVOKE ALL ON FUNCTION end_blockers(waiting integer, own boolean, honest integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_blockers(waiting integer, own boolean, honest integer[]) TO spaceport_web;

-- # Functions and triggers: the trail
-- Refuses to change or remove anything in the trail’s tables. Rows of audit_event have two exceptions: personal columns
-- may be replaced if the salt is removed with them, which keeps the row’s hash; and seal_trail() may correct the times
-- of rows that are in no block yet.
CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  replaceable CONSTANT text[] := ARRAY['actor_handle', 'actor_name', 'target_name', 'source_address', 'user_agent', 'detail', 'salt', 'personal_hash'];
  timed CONSTANT text[] := ARRAY['recorded_at', 'at', 'detail'];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'but for pseudonyms' THEN
    IF NEW.salt IS NULL AND (OLD.salt IS NOT NULL OR current_user = 'spaceport_trail_owner') AND to_jsonb(NEW) - replaceable = to_jsonb(OLD) - replaceable THEN
      NEW.personal_hash := public.trail_personal_hash(OLD);
      RETURN NEW;
    END IF;
    IF current_user = 'spaceport_trail_owner' AND NEW.recorded_at > OLD.recorded_at AND to_jsonb(NEW) - timed = to_jsonb(OLD) - timed
      AND EXISTS (SELECT FROM public.audit_unsealed u WHERE u.seq = OLD.seq) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_archive_append_only BEFORE UPDATE OR DELETE ON audit_archive FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_archive_no_truncate BEFORE TRUNCATE ON audit_archive FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_block_append_only BEFORE UPDATE OR DELETE ON audit_block FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_block_no_truncate BEFORE TRUNCATE ON audit_block FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_checkpoint_no_truncate BEFORE TRUNCATE ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only('but for pseudonyms');
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_key_append_only BEFORE UPDATE OR DELETE ON audit_key FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_key_no_truncate BEFORE TRUNCATE ON audit_key FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();

-- A value as it is hashed: its length in bytes and itself, or `-` for null. lib/features/audit/chain/hashes.ts computes the same
-- hashes. Without the cast to text, the function would not be inlined, and sealing would take eight times as long.
CREATE FUNCTION trail_value(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pg_catalog.octet_length(value)::text || ':' || value || ';', '-;')
$$;

-- A time as it is hashed: in UTC, with microseconds.
CREATE FUNCTION trail_time(value timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The salted hash of a row’s personal columns, or the one that was kept when they were replaced.
CREATE FUNCTION trail_personal_hash(e audit_event) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(e.personal_hash, pg_catalog.sha256(pg_catalog.convert_to('spaceport personal 1;' || coalesce(e.salt::text, '') || ';'
    || public.trail_value(e.actor_handle) || public.trail_value(e.actor_name) || public.trail_value(e.target_name)
    || public.trail_value(e.source_address) || public.trail_value(e.user_agent) || public.trail_value(e.detail::text), 'UTF8')))
$$;

-- The hash of what a pseudonym puts into a row, bound to the salted hash of what was there.
CREATE FUNCTION trail_replacement_hash(committed bytea, actor_handle text, actor_name text, target_name text, source_address text, user_agent text, detail jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to('spaceport replaced 1;' || pg_catalog.encode(committed, 'hex') || ';'
    || public.trail_value(actor_handle) || public.trail_value(actor_name) || public.trail_value(target_name)
    || public.trail_value(source_address) || public.trail_value(user_agent) || public.trail_value(detail::text), 'UTF8')), 'hex')
$$;

-- The hash of a row. Personal columns are part of it by their salted hash, so they can be replaced later.
CREATE FUNCTION trail_row_hash(e audit_event) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.sha256(pg_catalog.convert_to('spaceport row 1;'
    || public.trail_value(e.seq::text) || public.trail_value(e.id::text) || public.trail_value(e.intent_id::text)
    || public.trail_value(public.trail_time(e.recorded_at)) || public.trail_value(e.action) || public.trail_value(public.trail_time(e.at))
    || public.trail_value(e.actor_kind) || public.trail_value(e.actor_id::text) || public.trail_value(e.target_kind)
    || public.trail_value(e.target_id) || public.trail_value(e.space_id::text) || public.trail_value(e.namespace)
    || public.trail_value(e.observer) || public.trail_value(e.destination) || public.trail_value(e.outcome::text)
    || public.trail_value(e.reason) || public.trail_value(e.request_id) || public.trail_value(e.cluster_audit_id)
    || public.trail_value(e.route) || pg_catalog.encode(public.trail_personal_hash(e), 'hex'), 'UTF8'))
$$;

-- Ids are indexed as one of a million marks. Whole ids would fill the index, and one wrong chunk in a thousand costs
-- nothing.
CREATE FUNCTION trail_mark(id text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '#' || left(md5(lower(id)), 5)
$$;

-- Returns whether a row’s own time is close enough to the database’s: clocks differ by up to five minutes, and outcomes
-- are retried for ten. A cluster’s report may be late by as long as the cluster was cut off.
CREATE FUNCTION is_trail_time(at timestamptz, recorded_at timestamptz, route text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT at <= recorded_at + interval '5 minutes'
    AND (route IS NOT NULL OR at >= recorded_at - interval '30 minutes')
$$;

-- Returns the seq below which the outcome of an intent is: it comes in the intent’s month or the next two. A seq
-- without a month has no such bound.
CREATE FUNCTION audit_outcome_before(seq bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN seq < 100000000000000 THEN 9223372036854775807
    ELSE (seq / 1000000000000 + CASE WHEN seq / 1000000000000 % 100 > 10 THEN 91 ELSE 3 END) * 1000000000000 END
$$;

-- Returns the role that writes an action on which the verifier relies, or that an operator’s command takes (ADR 26).
-- Null: any login that may write to the trail.
CREATE FUNCTION trail_writer(action text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE action
    WHEN 'person.pseudonymise' THEN 'spaceport_pseudonymiser'
    WHEN 'person.pseudonymise-rows' THEN 'spaceport_trail_owner'
    WHEN 'trail.archive' THEN 'spaceport_trail_owner'
    WHEN 'cluster.unmatched' THEN 'spaceport_trail_owner'
    WHEN 'break-glass-code.create' THEN 'spaceport_trail_owner'
    WHEN 'break-glass-code.void' THEN 'spaceport_trail_owner'
    WHEN 'audit-webhook.make' THEN 'spaceport_trail_owner'
    WHEN 'audit-webhook.void' THEN 'spaceport_trail_owner'
    WHEN 'cluster.rebuild' THEN 'spaceport_trail_owner'
    WHEN 'database.rebuild' THEN 'spaceport_trail_owner'
    WHEN 'trail.verified' THEN 'spaceport_worker'
    WHEN 'offboarding.complete' THEN 'spaceport_worker'
    WHEN 'person.offboard' THEN 'spaceport_web'
    WHEN 'person.reactivate' THEN 'spaceport_web'
  END
$$;

-- Returns a detail with fields added. One that is not an object becomes a field itself; one that is too long is left
-- out.
CREATE FUNCTION trail_detail_with(detail jsonb, added jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.octet_length(detail::text) > 65000 THEN added || '{"truncated": true}'
    WHEN pg_catalog.jsonb_typeof(detail) = 'object' THEN detail || added
    ELSE added || pg_catalog.jsonb_build_object('detail', detail) END
$$;

-- Checks a new row of the trail (ADR 26). An action that has a writer in trail_writer() is refused to other logins,
-- except that the worker adds the missing outcome of an act of web’s (lib/features/audit/db/insert-missing-outcomes.ts). A time that
-- is_trail_time() rejects is replaced with the database’s, and kept in the detail. Rows of the tables’ owner keep their
-- time, except those of operators’ commands.
CREATE FUNCTION guard_trail_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  writer text := public.trail_writer(NEW.action);
  is_owner boolean := pg_has_role(current_user, 'spaceport_trail_owner', 'MEMBER');
BEGIN
  IF writer IS NOT NULL AND NOT is_owner AND NOT pg_has_role(current_user, writer, 'MEMBER') THEN
    IF writer <> 'spaceport_web' OR NEW.intent_id IS NULL OR NEW.outcome IS DISTINCT FROM 'ok' OR NOT pg_has_role(current_user, 'spaceport_worker', 'MEMBER') THEN
      RAISE EXCEPTION 'permission denied to write % to the trail: only % does', NEW.action, writer USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM public.audit_event act WHERE act.id = NEW.intent_id AND act.action = NEW.action AND act.intent_id IS NULL
        AND act.outcome IS NULL AND act.seq < NEW.seq AND NEW.seq < public.audit_outcome_before(act.seq)) THEN
      RAISE EXCEPTION 'permission denied to write % to the trail: there is no such act', NEW.action USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Web has written it by now. ON CONFLICT DO NOTHING would only notice that within a month.
    IF EXISTS (SELECT FROM public.audit_event o WHERE o.intent_id = NEW.intent_id) THEN RETURN NULL; END IF;
  END IF;
  IF (NOT is_owner OR current_user = 'spaceport_trail_owner' OR NEW.observer LIKE 'command/%') AND NOT public.is_trail_time(NEW.at, NEW.recorded_at, NEW.route)
    AND NEW.at >= '1970-01-01Z' AND NEW.at < '9999-01-01Z' THEN
    NEW.detail := public.trail_detail_with(NEW.detail, jsonb_build_object('claimedAt', public.trail_time(NEW.at)));
    NEW.at := date_trunc('milliseconds', NEW.recorded_at);
  END IF;
  RETURN NEW;
END
$$;
ALTER FUNCTION guard_trail_row() OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION guard_trail_row() FROM PUBLIC;
CREATE TRIGGER audit_event_guard BEFORE INSERT ON audit_event FOR EACH ROW
  WHEN (NEW.at > NEW.recorded_at + interval '5 minutes' OR NEW.at < NEW.recorded_at - interval '30 minutes' OR trail_writer(NEW.action) IS NOT NULL)
  EXECUTE FUNCTION guard_trail_row();

-- Notes the numbers of new rows for the next block, so that no writer waits for another’s transaction. Runs as the
-- trail’s owner, because no process may change audit_unsealed.
CREATE FUNCTION note_unsealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_unsealed SELECT seq FROM added;
  RETURN NULL;
END
$$;
ALTER FUNCTION note_unsealed() OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION note_unsealed() FROM PUBLIC;
CREATE TRIGGER audit_event_unsealed AFTER INSERT ON audit_event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_unsealed();

-- Adds what a partition doesn’t get from its table. Half of the rows have no intent, and are left out of its index.
CREATE FUNCTION prepare_trail_partition(partition text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (id)', partition || '_id_key', partition);
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (intent_id) WHERE intent_id IS NOT NULL', partition || '_intent_id_key', partition);
  EXECUTE format('CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_is_append_only()', partition);
END
$$;
ALTER FUNCTION prepare_trail_partition(text) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION prepare_trail_partition(partition text) FROM PUBLIC;

-- Creates the partitions of this month and the next three, and returns how many were missing. Each has its own unique
-- indexes, because one over all partitions would have to include the month. Runs as the trail’s owner, which owns the
-- partitions.
CREATE FUNCTION make_trail_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made int := 0;
  start timestamp;
  month int;
  following int;
BEGIN
  PERFORM FROM public.audit_turn WHERE name = 'partitions' FOR UPDATE;
  FOR ahead IN 0..3 LOOP
    start := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
    month := to_char(start, 'YYYYMM')::int;
    following := to_char(start + interval '1 month', 'YYYYMM')::int;
    IF to_regclass('public.audit_event_' || month) IS NULL THEN
      EXECUTE format('CREATE TABLE public.audit_event_%s (LIKE public.audit_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', month);
      PERFORM public.prepare_trail_partition('audit_event_' || month);
      EXECUTE format('ALTER TABLE public.audit_event ATTACH PARTITION public.audit_event_%s FOR VALUES FROM (%s) TO (%s)',
        month, month * 1000000000000, following * 1000000000000);
      made := made + 1;
    END IF;
    IF to_regclass('public.audit_block_' || month) IS NULL THEN
      EXECUTE format('CREATE TABLE public.audit_block_%s (LIKE public.audit_block INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', month);
      EXECUTE format('CREATE TRIGGER audit_block_no_truncate BEFORE TRUNCATE ON public.audit_block_%s FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_is_append_only()', month);
      EXECUTE format('ALTER TABLE public.audit_block ATTACH PARTITION public.audit_block_%s FOR VALUES FROM (%s) TO (%s)', month, month, following);
    END IF;
  END LOOP;
  RETURN made;
END
$$;
ALTER FUNCTION make_trail_partitions() OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION make_trail_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_trail_partitions() TO spaceport_worker;

-- Adds blocks of committed rows to the chain, in the order of seq, and notifies channel spaceport_trail of each block’s
-- number. Returns how many rows it sealed: 0 while another session seals. A row that is gone leaves a hash of zeros. A
-- row that comes more than a minute after later ones were sealed gets the time of its sealing, and its own time goes
-- into the detail: a transaction that is held open can’t backdate a row (ADR 26). Runs as the trail’s owner.
CREATE FUNCTION seal_trail(max_rows integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sealed int := 0;
  last record;
  top bigint;
  picked bigint[];
  of_month int;
  hashes bytea;
  linked bytea;
  count int;
  oldest timestamptz;
  stamp timestamptz(6);
  at timestamptz(6);
  hashed bytea;
BEGIN
  -- An older snapshot could miss the end of the chain.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the trail is sealed in a transaction that is read committed' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF NOT EXISTS (SELECT FROM public.audit_unsealed) THEN RETURN 0; END IF;
  SELECT t.highest INTO top FROM public.audit_turn t WHERE t.name = 'seal' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  SELECT number, hash, sealed_at INTO last FROM public.audit_block ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN
    -- All blocks may be in archived months.
    SELECT last_block AS number, head AS hash, NULL::timestamptz AS sealed_at INTO last FROM public.audit_archive WHERE last_block IS NOT NULL ORDER BY last_block DESC LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    SELECT 0::bigint AS number, decode(repeat('00', 32), 'hex') AS hash, NULL::timestamptz AS sealed_at INTO last;
  END IF;
  WHILE sealed < max_rows LOOP
    SELECT array_agg(seq ORDER BY seq) INTO picked FROM (
      SELECT seq, min(seq / 1000000000000) OVER () AS first, seq / 1000000000000 AS month
      FROM (SELECT seq FROM public.audit_unsealed ORDER BY seq LIMIT least(1000, max_rows - sealed)) waiting) waiting WHERE month = first;
    EXIT WHEN picked IS NULL;
    of_month := picked[1] / 1000000000000;
    -- The second attempt hashes rows whose times the first one corrected.
    FOR attempt IN 1..2 LOOP
      SELECT string_agg(h, ''::bytea ORDER BY seq), string_agg(int8send(seq) || h, ''::bytea ORDER BY seq), count(*), min(recorded_at) FILTER (WHERE seq < top)
        INTO hashes, linked, count, oldest FROM (
        SELECT p.seq, CASE WHEN e.seq IS NULL THEN decode(repeat('00', 32), 'hex') ELSE public.trail_row_hash(e) END AS h, e.recorded_at
        FROM unnest(picked) AS p(seq) LEFT JOIN public.audit_event e
          ON e.seq = p.seq AND e.seq BETWEEN picked[1] AND picked[cardinality(picked)]) rows;
      EXIT WHEN oldest IS NULL OR last.sealed_at IS NULL OR oldest >= last.sealed_at - interval '1 minute';
      stamp := clock_timestamp();
      UPDATE public.audit_event e SET recorded_at = stamp,
          at = CASE WHEN public.is_trail_time(e.at, stamp, e.route) THEN e.at ELSE date_trunc('milliseconds', stamp) END,
          detail = public.trail_detail_with(e.detail, jsonb_build_object('insertedAt', public.trail_time(e.recorded_at))
            || CASE WHEN public.is_trail_time(e.at, stamp, e.route) THEN '{}' ELSE jsonb_build_object('claimedAt', public.trail_time(e.at)) END)
        WHERE e.seq = ANY (picked) AND e.seq BETWEEN picked[1] AND picked[cardinality(picked)] AND e.seq < top AND e.recorded_at < last.sealed_at - interval '1 minute';
    END LOOP;
    DELETE FROM public.audit_unsealed WHERE seq = ANY (picked);
    at := clock_timestamp();
    hashed := sha256(convert_to('spaceport block 1;' || public.trail_value((last.number + 1)::text) || public.trail_value(of_month::text)
      || public.trail_value(encode(last.hash, 'hex')) || public.trail_value(public.trail_time(at)) || public.trail_value(count::text), 'UTF8') || linked);
    INSERT INTO public.audit_block (number, month, previous, hash, sealed_at, rows, seqs, row_hashes)
      VALUES (last.number + 1, of_month, last.hash, hashed, at, count, picked, hashes);
    SELECT last.number + 1 AS number, hashed AS hash, at AS sealed_at INTO last;
    PERFORM pg_notify('spaceport_trail', last.number::text);
    top := greatest(top, picked[cardinality(picked)]);
    sealed := sealed + count;
  END LOOP;
  UPDATE public.audit_turn t SET highest = top WHERE t.name = 'seal' AND t.highest IS DISTINCT FROM top;
  RETURN sealed;
END
$$;
ALTER FUNCTION seal_trail(integer) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION seal_trail(max_rows integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_trail(max_rows integer) TO spaceport_worker;

-- # Functions and triggers: search in the trail
-- The text of an action that is indexed and searched. The action’s outcome adds a reason and a name.
CREATE FUNCTION trail_text(action text, actor_handle text, actor_name text, target_kind text, target_name text, namespace text, reason text, source_address text, user_agent text, destination text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT lower(concat_ws(' ', action, actor_handle, actor_name, target_kind, target_name, namespace, reason, source_address, user_agent, destination))
$$;

-- Returns a query for chunks that have, for each term, a word that begins with it. A term of at least 16 characters may
-- also be an id.
CREATE FUNCTION trail_words_query(terms text[]) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT string_agg(CASE WHEN length(term) < 16 THEN format('''%s'':*', word) ELSE format('(''%s'':* | ''%s'')', word, public.trail_mark(term)) END, ' & ')::tsquery
  FROM unnest(terms) term, LATERAL (SELECT replace(replace(left(lower(term), 64), '\', '\\'), '''', '''''') AS word) escaped
$$;

-- Returns up to `most` chunks, newest first, that may have a matching row with a seq below `below`: those with the
-- words of the query (any, if it is null) in the given time, those that are not indexed yet or are out of date, those
-- with an intent whose outcome is not indexed yet, and those of the `known` rows.
CREATE FUNCTION trail_chunks(query tsquery, below bigint, since timestamptz, until timestamptz, known bigint[], most integer) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = 'off' AS $$
DECLARE
  unindexed bigint := (SELECT next_seq FROM public.audit_words_state);
BEGIN
  RETURN QUERY
  WITH RECURSIVE down AS (
    SELECT (SELECT max(seq) FROM public.audit_event WHERE seq < below AND seq >= unindexed) / 1000 AS chunk
    UNION ALL
    SELECT (SELECT max(seq) FROM public.audit_event WHERE seq < chunk * 1000 AND seq >= unindexed) / 1000 FROM down WHERE chunk IS NOT NULL
  ), unknown AS MATERIALIZED (
    SELECT chunk FROM down WHERE chunk IS NOT NULL LIMIT most
  ), up AS (
    SELECT (SELECT min(seq) FROM public.audit_event WHERE seq >= unindexed) / 1000 AS chunk
    UNION ALL
    SELECT (SELECT min(seq) FROM public.audit_event WHERE seq >= (chunk + 1) * 1000) / 1000 FROM up WHERE chunk IS NOT NULL
  ), following AS MATERIALIZED (
    SELECT e.id, e.intent_id FROM (SELECT chunk FROM up WHERE chunk IS NOT NULL LIMIT 10) u CROSS JOIN LATERAL (
      SELECT id, intent_id FROM public.audit_event e WHERE e.seq >= u.chunk * 1000 AND e.seq < (u.chunk + 1) * 1000 OFFSET 0) e
  ), late AS MATERIALIZED (
    SELECT i.seq / 1000 AS chunk FROM (SELECT intent_id FROM following WHERE intent_id IS NOT NULL EXCEPT SELECT id FROM following) o
    CROSS JOIN LATERAL (SELECT seq FROM public.audit_event i WHERE i.id = o.intent_id AND i.seq < unindexed LIMIT 1) i
  ), fitting AS MATERIALIZED (
    SELECT w.chunk, w.first_at, w.last_at FROM public.audit_words w WHERE w.words @@ query
  )
  SELECT DISTINCT c.chunk FROM (
    SELECT u.chunk FROM unknown u
    UNION ALL SELECT l.chunk FROM late l
    UNION ALL SELECT a.chunk FROM public.audit_words_again a
    UNION ALL SELECT k.seq / 1000 FROM unnest(known) k(seq)
    UNION ALL SELECT f.chunk FROM fitting f WHERE (until IS NULL OR f.first_at < until) AND (since IS NULL OR f.last_at >= since)
    UNION ALL (SELECT w.chunk FROM public.audit_words w WHERE w.words IS NULL AND query IS NOT NULL
      AND w.chunk * 1000 < below AND (until IS NULL OR w.first_at < until) AND (since IS NULL OR w.last_at >= since) ORDER BY w.chunk DESC LIMIT most)
    UNION ALL (SELECT w.chunk FROM public.audit_words w WHERE query IS NULL AND w.chunk <= (below - 1) / 1000
      AND (until IS NULL OR w.first_at < until) AND (since IS NULL OR w.last_at >= since) ORDER BY w.chunk DESC LIMIT most)) c
  WHERE c.chunk * 1000 < below ORDER BY 1 DESC LIMIT most;
END
$$;

-- Indexes a chunk. Each word is indexed as a whole and from each of its parts on: “web-dev” is found by “web”, “web-d”
-- and “dev”, but an address or a version only from its beginning. Marks serve the other filters. Words are cut at 64
-- characters, because a search compares the whole row anyway.
CREATE FUNCTION index_trail_chunk(wanted bigint) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = 'force_custom_plan' AS $_$
DECLARE
  -- As constants, so that the planner leaves out all other months.
  first CONSTANT bigint := wanted * 1000;
  until CONSTANT bigint := (wanted + 1) * 1000;
  outcomes_until CONSTANT bigint := public.audit_outcome_before((wanted + 1) * 1000);
  punctuation CONSTANT text := '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~';
BEGIN
  WITH part AS MATERIALIZED (
    SELECT * FROM public.audit_event WHERE seq >= first AND seq < until
  ), shown AS MATERIALIZED (
    SELECT e.at, lower(e.action) AS action, e.actor_id, e.space_id, e.target_kind, e.target_id, e.route, e.detail->>'credential' AS credential, e.request_id,
      coalesce(o.cluster_audit_id, l.cluster_audit_id, e.cluster_audit_id) AS audit_id, coalesce(o.outcome, l.outcome, e.outcome)::text AS outcome,
      concat_ws(' ', public.trail_text(e.action, e.actor_handle, e.actor_name, e.target_kind, e.target_name, e.namespace, e.reason, e.source_address,
        e.user_agent, e.destination), lower(coalesce(o.reason, l.reason)), lower(coalesce(o.target_name, l.target_name))) AS text
    FROM part e LEFT JOIN part o ON o.intent_id = e.id LEFT JOIN LATERAL (
      SELECT * FROM public.audit_event l WHERE e.outcome IS NULL AND o.id IS NULL AND l.intent_id = e.id AND l.seq >= until AND l.seq < outcomes_until
      LIMIT 1) l ON true
    WHERE e.intent_id IS NULL AND (e.route IS NULL OR e.route = 'around')
  ), piece AS MATERIALIZED (
    SELECT DISTINCT piece FROM shown, string_to_table(text, ' ') piece WHERE piece <> ''
  ), word AS (
    SELECT left(piece, 64) AS word FROM piece
    UNION SELECT left(substr(piece, place::int), 64) FROM piece, LATERAL (
      SELECT part, 1 + sum(length(part) + 1) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS place
      FROM string_to_table(translate(piece, punctuation, repeat(' ', 32)), ' ') WITH ORDINALITY p(part, n)) begun
      WHERE translate(piece, punctuation, '') <> piece AND place > 1 AND part <> '' AND (part !~ '^[0-9]' OR substr(piece, place::int - 1, 1) <> '.')
    -- Marks: @ actor, ! space, & person acted on, % credential, ? outcome, ~ route. Outcome and action have one
    -- together, because each can be frequent alone and both rare together.
    UNION SELECT mark FROM shown, unnest(ARRAY[
      '@' || right(actor_id::text, 12),
      '!' || right(space_id::text, 12),
      '&' || CASE WHEN target_kind = 'person' THEN right(target_id, 12) END,
      '%' || right(CASE WHEN target_kind = 'credential' THEN target_id END, 12),
      '%' || right(credential, 12),
      '?' || coalesce(outcome, 'unknown'),
      left('?' || coalesce(outcome, 'unknown') || '=' || action, 64),
      '~' || route,
      public.trail_mark(request_id),
      public.trail_mark(audit_id)]) mark WHERE mark IS NOT NULL
  )
  INSERT INTO public.audit_words (chunk, first_at, last_at, words)
  SELECT wanted, (SELECT min(at) FROM shown), (SELECT max(at) FROM shown),
    CASE WHEN sum(octet_length(word)) < 400000 THEN array_to_tsvector(array_agg(word)) END
  FROM word HAVING count(*) > 0
  ON CONFLICT (chunk) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, words = excluded.words;
END
$_$;
ALTER FUNCTION index_trail_chunk(bigint) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION index_trail_chunk(wanted bigint) FROM PUBLIC;

-- Indexes up to `max_chunks` chunks: first those that are out of date, then those to which nothing will be added any
-- more. Returns how many, or 0 while another session indexes. Runs as the trail’s owner.
CREATE FUNCTION index_trail(max_chunks integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  state public.audit_words_state;
  unsealed bigint;
  newest_block bigint;
  last_block bigint;
  wanted bigint;
  done int := 0;
BEGIN
  PERFORM FROM public.audit_turn WHERE name = 'words' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;
  SELECT * INTO state FROM public.audit_words_state;
  IF state.drawn_before <= pg_snapshot_xmin(pg_current_snapshot()) THEN
    state.settled := state.drawn;
    SELECT last_value INTO state.drawn FROM public.audit_event_seq_seq;
    state.drawn_before := pg_snapshot_xmax(pg_current_snapshot());
  END IF;

  -- Rows that were sealed after their chunk was indexed.
  SELECT greatest(max(number), state.block) INTO newest_block FROM public.audit_block;
  last_block := least(newest_block, state.block + 1000);
  INSERT INTO public.audit_words_again SELECT DISTINCT seq / 1000 FROM public.audit_block b, unnest(b.seqs) seq
    WHERE b.number > state.block AND b.number <= last_block AND b.seqs[1] < state.next_seq AND seq < state.next_seq
    ON CONFLICT DO NOTHING;

  FOR wanted IN DELETE FROM public.audit_words_again WHERE chunk IN (SELECT chunk FROM public.audit_words_again ORDER BY chunk DESC LIMIT max_chunks) RETURNING chunk LOOP
    PERFORM public.index_trail_chunk(wanted);
    done := done + 1;
  END LOOP;

  SELECT min(seq) INTO unsealed FROM public.audit_unsealed;
  WHILE done < max_chunks AND last_block = newest_block LOOP
    SELECT min(seq) / 1000 INTO wanted FROM public.audit_event WHERE seq >= state.next_seq;
    EXIT WHEN wanted IS NULL OR (wanted % 1000000000 + 1) * 1000 > state.settled OR (wanted + 1) * 1000 > unsealed;
    PERFORM public.index_trail_chunk(wanted);
    -- Outcomes of actions in chunks that are indexed already.
    INSERT INTO public.audit_words_again SELECT DISTINCT i.seq / 1000
      FROM (SELECT o.intent_id FROM public.audit_event o WHERE o.seq >= wanted * 1000 AND o.seq < (wanted + 1) * 1000 AND o.intent_id IS NOT NULL
          EXCEPT SELECT e.id FROM public.audit_event e WHERE e.seq >= wanted * 1000 AND e.seq < (wanted + 1) * 1000) o
      CROSS JOIN LATERAL (SELECT i.seq FROM public.audit_event i WHERE i.id = o.intent_id AND i.seq < wanted * 1000
        AND (i.seq >= (wanted / 1000000000 - 100) * 1000000000000 OR i.seq < 100000000000000) LIMIT 1) i
      ON CONFLICT DO NOTHING;
    state.next_seq := (wanted + 1) * 1000;
    done := done + 1;
  END LOOP;

  -- Words of months that were archived.
  SELECT min(chunk) INTO wanted FROM public.audit_words;
  IF NOT EXISTS (SELECT FROM public.audit_event WHERE seq >= wanted * 1000 AND seq < (wanted + 1) * 1000) THEN
    DELETE FROM public.audit_words WHERE chunk IN (SELECT chunk FROM public.audit_words WHERE chunk / 1000000000 = wanted / 1000000000 ORDER BY chunk LIMIT 1000);
  END IF;

  UPDATE public.audit_words_state SET next_seq = state.next_seq, settled = state.settled, drawn = state.drawn, drawn_before = state.drawn_before, block = last_block;
  RETURN greatest(done, (last_block < newest_block)::int);
END
$$;
ALTER FUNCTION index_trail(integer) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION index_trail(max_chunks integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION index_trail(max_chunks integer) TO spaceport_worker;

-- Has the words of a row replaced when its personal columns are. Runs as the trail’s owner.
CREATE FUNCTION note_words_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_words_again SELECT DISTINCT coalesce(i.seq, c.seq) / 1000
    FROM changed c LEFT JOIN public.audit_event i ON i.id = c.intent_id AND i.seq < c.seq ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
ALTER FUNCTION note_words_again() OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION note_words_again() FROM PUBLIC;
CREATE TRIGGER audit_event_words_again AFTER UPDATE ON audit_event
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_words_again();

-- # Functions and triggers: checks, exports, delivery and archives of the trail
CREATE FUNCTION trail_check_is_final() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a verification that has ended stays as it is' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER trail_check_final BEFORE UPDATE OR DELETE ON trail_check FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION trail_check_is_final();

-- Returns the months in the trail and how many months ago each one was. Month 0 is the partition audit_event_before.
CREATE FUNCTION trail_months() RETURNS TABLE(month integer, ago integer) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $_$
  WITH attached AS (
    SELECT CASE WHEN c.relname = 'audit_event_before' THEN 0 ELSE substring(c.relname FROM '^audit_event_([0-9]{6})$')::int END AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.audit_event'::regclass),
  counted AS (
    SELECT a.month, CASE WHEN a.month = 0 THEN (SELECT min(m.month / 100 * 12 + m.month % 100) FROM attached m WHERE m.month > 0) - 1
      ELSE a.month / 100 * 12 + a.month % 100 END AS counted FROM attached a)
  SELECT c.month, extract(year FROM now() AT TIME ZONE 'UTC')::int * 12 + extract(month FROM now() AT TIME ZONE 'UTC')::int - c.counted FROM counted c
$_$;

-- Removes a month from the trail (ADR 30), once the caller has written it to a file and verified the file. In one
-- transaction, it records the archive in the trail and in audit_archive, and detaches the month’s partitions. It
-- refuses the current month and those that audit_retention keeps, a month before which there is another, one with rows
-- in no block or with the newest block, figures other than the database’s, and a month that a receiver lacks, unless
-- p_undelivered is true. For a month that is already archived in the same file, it does nothing. Runs as the trail’s
-- owner. Detaching locks the whole trail for a moment. The function tries again and again to get that lock, never for
-- longer than lock_timeout, so that writers wait no longer than that.
CREATE FUNCTION archive_trail_month(p_month integer, p_rows bigint, p_first bigint, p_last bigint, p_head bytea, p_sha256 bytea, p_host text, p_undelivered boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $_$
DECLARE
  suffix text := CASE WHEN p_month = 0 THEN 'before' ELSE p_month::text END;
  events text := 'public.audit_event_' || suffix;
  blocks text := 'public.audit_block_' || suffix;
  kept record;
  found_ago int;
  earlier int;
  counted bigint;
  has record;
  runs jsonb;
  known bytea;
  lacking text[];
BEGIN
  -- Against a client that hangs. An attacker can set it back.
  PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
  PERFORM FROM public.audit_turn WHERE name = 'archive' FOR UPDATE;
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT sha256 INTO known FROM public.audit_archive WHERE month = p_month;
  IF FOUND THEN
    IF known = p_sha256 THEN RETURN; END IF;
    RAISE EXCEPTION 'the month is archived, in another file: SHA-256 %', encode(known, 'hex') USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT m.ago INTO found_ago FROM public.trail_months() m WHERE m.month = p_month;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such month in the trail' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT * INTO STRICT kept FROM public.audit_retention;
  IF found_ago <= kept.months THEN
    RAISE EXCEPTION 'this month and the last % stay in the database', kept.months USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT m.month INTO earlier FROM public.trail_months() m WHERE m.month < p_month ORDER BY m.month LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a month before it is still in the trail: %', CASE WHEN earlier = 0 THEN 'before' ELSE earlier::text END
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;

  EXECUTE format('SELECT count(*) AS blocks, coalesce(sum(rows), 0)::bigint AS rows, min(number) AS first, max(number) AS last,
    (SELECT hash FROM %1$s ORDER BY number DESC LIMIT 1) AS head FROM %1$s', blocks) INTO has;
  EXECUTE format('SELECT count(*) FROM %s', events) INTO counted;
  IF counted <> has.rows OR EXISTS (SELECT FROM public.audit_unsealed u JOIN public.audit_event e ON e.seq = u.seq
      WHERE e.tableoid = events::regclass) THEN
    RAISE EXCEPTION 'the month has % rows, and its blocks have %', counted, has.rows USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF (p_rows, p_first, p_last, p_head) IS DISTINCT FROM (has.rows, has.first, has.last, has.head) OR octet_length(p_sha256) IS DISTINCT FROM 32 THEN
    RAISE EXCEPTION 'the file is not what the database has' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF has.last = (SELECT number FROM public.audit_block ORDER BY number DESC LIMIT 1) THEN
    RAISE EXCEPTION 'the newest block of the chain is in the month: it stays until there is a newer one' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT array_agg(d.sink ORDER BY d.sink) INTO lacking FROM public.trail_delivery d
    WHERE d.block < has.last AND d.seen_at > clock_timestamp() - interval '30 days';
  IF lacking IS NOT NULL AND p_undelivered IS DISTINCT FROM true THEN
    RAISE EXCEPTION 'the month is not delivered yet: %', array_to_string(lacking, ', ') USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- The month’s stretches of the chain: one, and one more for each late row that was sealed among another month’s.
  EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_build_object(''first'', first, ''last'', last, ''previous'', previous, ''hash'', hash, ''rows'', rows) ORDER BY first), ''[]'') FROM (
    SELECT min(number) AS first, max(number) AS last, sum(rows) AS rows, (array_agg(encode(previous, ''hex'') ORDER BY number))[1] AS previous,
      (array_agg(encode(hash, ''hex'') ORDER BY number DESC))[1] AS hash
    FROM (SELECT b.*, number - row_number() OVER (ORDER BY number) AS run FROM %s b) b GROUP BY run) r', blocks) INTO runs;

  FOR attempt IN 1..200 LOOP
    BEGIN
      -- In the order in which seal_trail() locks them: first the turn, then the tables.
      PERFORM FROM public.audit_turn WHERE name = 'seal' FOR UPDATE;
      EXECUTE format('LOCK TABLE ONLY public.audit_event, ONLY public.audit_block, %s, %s IN ACCESS EXCLUSIVE MODE', events, blocks);
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN RAISE; END IF;
    END;
    PERFORM pg_sleep(0.1 + random() * 0.2);
  END LOOP;
  EXECUTE format('SELECT max(number) FROM %s', blocks) INTO counted;
  IF counted IS DISTINCT FROM has.last OR EXISTS (SELECT FROM public.audit_unsealed u JOIN public.audit_event e ON e.seq = u.seq WHERE e.tableoid = events::regclass) THEN
    RAISE EXCEPTION 'rows were added to the month in the meantime' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO public.audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), 'trail.archive', now(), 'system', 'command', 'trail', CASE WHEN p_month = 0 THEN 'before' ELSE overlay(p_month::text PLACING '-' FROM 5 FOR 0) END,
      'command/' || p_host, 'portal', 'ok', jsonb_build_object('rows', has.rows, 'blocks', has.blocks, 'firstBlock', has.first, 'lastBlock', has.last,
        'head', encode(has.head, 'hex'), 'sha256', encode(p_sha256, 'hex'), 'login', session_user)
        || CASE WHEN lacking IS NULL THEN '{}' ELSE jsonb_build_object('undelivered', to_jsonb(lacking)) END);
  INSERT INTO public.audit_archive (month, blocks, rows, first_block, last_block, head, runs, sha256, login)
    VALUES (p_month, has.blocks, has.rows, has.first, has.last, has.head, runs, p_sha256, session_user);
  EXECUTE format('ALTER TABLE public.audit_event DETACH PARTITION %s', events);
  EXECUTE format('ALTER TABLE public.audit_block DETACH PARTITION %s', blocks);
END
$_$;
ALTER FUNCTION archive_trail_month(integer, bigint, bigint, bigint, bytea, bytea, text, boolean) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION archive_trail_month(p_month integer, p_rows bigint, p_first bigint, p_last bigint, p_head bytea,
  p_sha256 bytea, p_host text, p_undelivered boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive_trail_month(p_month integer, p_rows bigint, p_first bigint, p_last bigint, p_head
  bytea, p_sha256 bytea, p_host text, p_undelivered boolean) TO spaceport_archiver;

-- Drops archived months after the days that audit_retention still keeps them, and returns them. Runs as the trail’s
-- owner.
CREATE FUNCTION drop_archived_months() RETURNS SETOF integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $_$
DECLARE
  gone int;
  suffix text;
BEGIN
  FOR gone IN SELECT a.month FROM public.audit_archive a, public.audit_retention r
      WHERE a.made_at <= clock_timestamp() - make_interval(days => r.days) ORDER BY a.month LOOP
    suffix := CASE WHEN gone = 0 THEN 'before' ELSE gone::text END;
    CONTINUE WHEN to_regclass('public.audit_event_' || suffix) IS NULL
      OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass('public.audit_event_' || suffix));
    EXECUTE format('DROP TABLE public.audit_event_%1$s, public.audit_block_%1$s', suffix);
    RETURN NEXT gone;
  END LOOP;
END
$_$;
ALTER FUNCTION drop_archived_months() OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION drop_archived_months() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_archived_months() TO spaceport_archiver;

-- # Functions and triggers: the clusters’ own audit
-- Adds what a cluster’s audit reports to the trail, and returns how many rows it added and how many of them are
-- cluster.unmatched (ADR 27). Runs as the trail’s owner, because no process may set route. The caller can’t pass a row
-- off as a process’s own: it has a route, names the cluster as its observer, is no outcome, and gets its id from what
-- was reported. A change with the gateway’s identity is proved by the gateway’s intent: one intent proves one request
-- of the same person, action and object. Without an intent, someone else has the gateway’s token. Rows are looked up
-- one by one so that each lookup uses an index: a plan that was cached when the trail was small would otherwise read
-- all of it for each batch.
CREATE FUNCTION take_cluster_audit(of_cluster uuid, given jsonb) RETURNS TABLE(taken integer, unmatched integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $_$
DECLARE
  named text := (SELECT c.name FROM public.cluster c WHERE c.id = of_cluster);
  -- A batch is sent again within minutes, but a stream that began last month may end in this one.
  since bigint := to_char(clock_timestamp() AT TIME ZONE 'UTC' - interval '1 month', 'YYYYMM')::bigint * 1000000000000;
BEGIN
  IF named IS NULL THEN
    RAISE EXCEPTION 'there is no such cluster' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF jsonb_array_length(given) > 10000 THEN
    RAISE EXCEPTION 'too many rows at once' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  -- Batches of a cluster take turns. Otherwise two at once, or the same one twice, could prove two requests by one
  -- intent.
  INSERT INTO public.audit_turn VALUES ('cluster-audit/' || of_cluster) ON CONFLICT DO NOTHING;
  PERFORM FROM public.audit_turn WHERE name = 'cluster-audit/' || of_cluster FOR UPDATE;
  -- Against a client that hangs. An attacker can set it back.
  PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
  RETURN QUERY
  WITH reported AS (
    SELECT DISTINCT ON (r.id) r.* FROM (
      SELECT encode(substring(sha256(convert_to('cluster audit 1;' || of_cluster || ';' || j.fingerprint, 'UTF8')) FOR 16), 'hex')::uuid AS id, j.*
      FROM jsonb_to_recordset(given) AS j(fingerprint text, route text, proof text, user_name text, action text, at timestamptz,
        actor_kind text, actor_id uuid, actor_handle text, actor_name text, target_kind text, target_id text, target_name text,
        space_id uuid, namespace text, source_address text, user_agent text, outcome public.audit_outcome, reason text,
        detail text, cluster_audit_id text)
      WHERE j.route IN ('gateway', 'spaceport', 'around') AND j.proof IN ('none', 'intent', 'impossible')
        AND j.actor_kind IN ('user', 'cluster') AND j.action ~ '^cluster\.[a-z-]+$' AND j.action NOT IN
          ('cluster.fences-lost', 'cluster.fences-restored', 'cluster.rights-changed')
        AND (j.actor_kind = 'cluster') = (j.actor_id IS NULL)
        AND (j.actor_id IS NULL OR EXISTS (SELECT FROM public.user_account u WHERE u.id = j.actor_id AND u.handle = j.actor_handle))
        AND j.fingerprint IS NOT NULL AND j.outcome IS NOT NULL AND j.cluster_audit_id IS NOT NULL
    ) r ORDER BY r.id, r.at
  ), fresh AS (
    SELECT r.*, row_number() OVER (PARTITION BY r.cluster_audit_id, r.route ORDER BY r.at, r.id) AS nth
    FROM reported r LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event e WHERE e.id = r.id AND e.seq >= since LIMIT 1
    ) known ON true
    WHERE known.found IS NULL
  ), proved AS (
    SELECT f.*, f.proof = 'impossible'
      OR (f.proof = 'intent' AND (f.nth > 1 OR intent.found IS NULL OR earlier.found IS NOT NULL)) AS alone
    FROM fresh f LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event i
      WHERE f.proof = 'intent' AND i.cluster_audit_id = f.cluster_audit_id AND i.intent_id IS NULL AND i.route IS NULL AND i.seq >= since
        AND i.observer LIKE 'gateway/%' AND i.destination = 'cluster/' || named AND i.actor_handle = f.actor_handle
        AND i.namespace IS NOT DISTINCT FROM f.namespace AND i.target_kind = f.target_kind
        AND (i.target_name IS NULL OR i.target_name IS NOT DISTINCT FROM f.target_name OR f.target_name IS NULL)
        AND (f.action = 'cluster.request' OR i.action = 'kubectl.' || substring(f.action FROM 9))
      LIMIT 1
    ) intent ON true LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event e
      WHERE f.proof = 'intent' AND e.cluster_audit_id = f.cluster_audit_id AND e.intent_id IS NULL AND e.route = 'gateway' AND e.seq >= since
        AND e.destination = 'cluster/' || named
      LIMIT 1
    ) earlier ON true
  ), added AS (
    INSERT INTO public.audit_event (id, route, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id,
      target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome, reason, detail, cluster_audit_id)
    SELECT p.id, CASE WHEN p.alone THEN 'around' ELSE p.route END, CASE WHEN p.alone THEN 'cluster.unmatched' ELSE p.action END,
      p.at, CASE WHEN p.alone THEN 'cluster' ELSE p.actor_kind END, CASE WHEN NOT p.alone THEN p.actor_id END,
      CASE WHEN NOT p.alone THEN p.actor_handle END, CASE WHEN p.alone THEN p.user_name ELSE p.actor_name END,
      p.target_kind, p.target_id, p.target_name, p.space_id, p.namespace, 'cluster/' || named, p.source_address, p.user_agent,
      'cluster/' || named, p.outcome, p.reason, p.detail::jsonb, p.cluster_audit_id
    FROM proved p ORDER BY p.at, p.id
    ON CONFLICT DO NOTHING
    RETURNING action
  )
  SELECT count(*)::integer, count(*) FILTER (WHERE added.action = 'cluster.unmatched')::integer FROM added;
END
$_$;
ALTER FUNCTION take_cluster_audit(uuid, jsonb) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION take_cluster_audit(of_cluster uuid, given jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_cluster_audit(of_cluster uuid, given jsonb) TO spaceport_worker;

-- # Functions and triggers: pseudonyms
-- Returns the departing user with a handle, now or when the run began. Refuses an unknown handle, someone with a
-- pseudonym, and someone who was not offboarded with a complete certificate.
CREATE FUNCTION departed_person(p_handle text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid;
BEGIN
  SELECT p.person_id INTO person FROM pseudonym p JOIN user_account u ON u.id = p.person_id WHERE p.finished_at IS NULL AND p_handle IN (p.was, u.handle);
  IF NOT FOUND THEN
    SELECT u.id INTO person FROM user_account u WHERE u.handle = p_handle;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no one has the handle %', p_handle USING ERRCODE = 'no_data_found';
    END IF;
    -- Someone who was reactivated after a pseudonym has a name again.
    IF EXISTS (SELECT FROM pseudonym p JOIN user_account u ON u.id = p.person_id WHERE p.person_id = person AND p.handle = u.handle AND u.email = p.handle || '@person.invalid') THEN
      RAISE EXCEPTION 'they have a pseudonym already' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM offboarding o JOIN user_account u ON u.id = o.person_id
      WHERE o.person_id = person AND o.reactivated_at IS NULL AND o.completed_at IS NOT NULL AND u.deactivated_at IS NOT NULL) THEN
    RAISE EXCEPTION 'they have to be offboarded first, and the certificate of it to be complete' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN person;
END
$$;
ALTER FUNCTION departed_person(text) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION departed_person(p_handle text) FROM PUBLIC;

-- Returns a pattern that finds a text literally, as a word of its own.
CREATE FUNCTION word_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '(?<![[:alnum:]])' || regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g') || '(?![[:alnum:]])'
$$;

-- Returns a pattern that finds a name as a word of its own. In scripts without spaces between words, it finds the name
-- anywhere. A name of one or two characters is found only where nothing else is in the line or string.
CREATE FUNCTION name_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN value ~ '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]' THEN regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g')
    WHEN length(value) < 3 THEN '(?<![^\n"])' || regexp_replace(value, '([^[:alnum:] ])', '\\\1', 'g') || '(?![^\n"])'
    ELSE word_pattern(value) END
$$;

-- Returns a pattern that finds an address, but not a longer address that begins or ends with it.
CREATE FUNCTION address_pattern(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT '(?<![[:alnum:]][._+-])' || word_pattern(value) || '(?![.-][[:alnum:]])'
$$;

-- Returns one pattern for several terms, or null for none. Shared terms are part of it only if p_shared is true.
CREATE FUNCTION terms_pattern(terms jsonb, p_shared boolean) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg('(?:' || (t.term ->> 'find') || ')', '|') FROM jsonb_array_elements(terms) t(term)
  WHERE p_shared OR NOT coalesce((t.term -> 'shared')::boolean, false)
$$;

-- Returns the texts that identify a person: their handle, their addresses and the names that they had, each with its
-- replacement. A term that is also part of someone else’s is shared: it finds no rows, but is replaced in rows that are
-- known to be about this person.
CREATE FUNCTION person_terms(person uuid, pseudonym text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH known(kind, value) AS (
    SELECT 'handle', handle FROM user_account WHERE id = person
    UNION SELECT 'address', email FROM user_account WHERE id = person
    UNION SELECT 'address', user_name FROM scim_user WHERE user_id = person AND user_name LIKE '%@%'
    UNION SELECT 'address', m.value ->> 'value' FROM scim_user s, jsonb_array_elements(CASE WHEN jsonb_typeof(s.attributes -> 'emails') = 'array' THEN s.attributes -> 'emails' ELSE '[]' END) m(value) WHERE s.user_id = person
    UNION SELECT 'name', name FROM user_account WHERE id = person
    UNION SELECT 'name', display_name FROM scim_user WHERE user_id = person
    UNION SELECT 'name', holder_name FROM review_line WHERE user_id = person
    UNION SELECT 'name', actor_name FROM audit_event WHERE actor_id = person AND intent_id IS NULL AND (route IS NULL OR route = 'around') AND action = 'session.sign-in'),
  -- An accented letter is one character or two, depending on the keyboard.
  composed AS (
    SELECT kind, value FROM known WHERE value <> ''
    UNION SELECT kind, normalize(value, NFC) FROM known WHERE getdatabaseencoding() = 'UTF8' AND value <> ''
    UNION SELECT kind, normalize(value, NFD) FROM known WHERE getdatabaseencoding() = 'UTF8' AND value <> ''),
  spelled AS (
    SELECT kind, value, CASE kind WHEN 'name' THEN 'Former person' WHEN 'handle' THEN pseudonym ELSE pseudonym || '@person.invalid' END AS put FROM composed
    UNION SELECT kind, replace(value, '@', '%40'), pseudonym || '%40person.invalid' FROM composed WHERE kind = 'address'
    -- As in JSON that is stored as text.
    UNION SELECT kind, j.inside, 'Former person' FROM composed, substr(to_jsonb(value)::text, 2, length(to_jsonb(value)::text) - 2) j(inside) WHERE kind = 'name' AND j.inside <> value),
  sought AS (
    SELECT s.kind, s.value, s.put, CASE s.kind WHEN 'handle' THEN regexp_replace(s.value, '([^[:alnum:] ])', '\\\1', 'g')
      WHEN 'name' THEN name_pattern(s.value) ELSE address_pattern(s.value) END AS find FROM spelled s)
  SELECT coalesce(jsonb_agg(jsonb_build_object('find', s.find, 'put', s.put, 'shared', s.kind <> 'handle' AND EXISTS (SELECT FROM user_account o
      WHERE o.id <> person AND CASE s.kind WHEN 'name' THEN o.name ~* s.find ELSE lower(o.email) = lower(replace(s.value, '%40', '@')) END))
    ORDER BY s.kind = 'name', length(s.value) DESC, s.value), '[]') FROM sought s
$$;
ALTER FUNCTION person_terms(uuid, text) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION person_terms(person uuid, pseudonym text) FROM PUBLIC;

-- Returns a text in which each term is replaced.
CREATE FUNCTION hide_in_text(value text, terms jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  term jsonb;
BEGIN
  FOR term IN SELECT jsonb_array_elements(terms) LOOP
    value := regexp_replace(value, term ->> 'find', term ->> 'put', 'gi');
  END LOOP;
  RETURN value;
END
$$;

CREATE FUNCTION hide_in_list(value text[], terms jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(hide_in_text(e.item, terms) ORDER BY e.place), '{}') FROM unnest(value) WITH ORDINALITY AS e(item, place)
$$;

CREATE FUNCTION hide_in_json(value jsonb, terms jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'string' THEN to_jsonb(hide_in_text(value #>> '{}', terms))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(hide_in_json(e.item, terms) ORDER BY e.place), '[]') FROM jsonb_array_elements(value) WITH ORDINALITY AS e(item, place))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(hide_in_text(e.key, terms), hide_in_json(e.value, terms)), '{}') FROM jsonb_each(value) e)
    ELSE value END;
END
$$;

-- Returns the columns to search: those that spaceport_pseudonymiser may update, except the person’s own account, which
-- comes last.
CREATE FUNCTION pseudonym_columns() RETURNS TABLE(of_table text, of_column text, of_type regtype) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.relname::text, a.attname::text, a.atttypid::regtype FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype) AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
    AND c.relname <> 'pseudonym' AND (c.relname, a.attname) NOT IN (('user_account', 'handle'), ('user_account', 'name'), ('user_account', 'email'),
      ('user_account', 'subject'), ('user_account', 'left_out_groups'), ('user_account', 'mail_choices'))
$$;
ALTER FUNCTION pseudonym_columns() OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION pseudonym_columns() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pseudonym_columns() TO spaceport_archiver;

-- Returns the tables to search, including the trail’s months, and how many pages each has.
CREATE FUNCTION pseudonym_tables() RETURNS TABLE(name text, pages bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
  SELECT c.relname::text, pg_relation_size(c.oid) / current_setting('block_size')::bigint FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND (c.relname ~ '^audit_event_(before|[0-9]{6})$' OR EXISTS (SELECT FROM pseudonym_columns() p WHERE p.of_table = c.relname))
  ORDER BY 1
$_$;
ALTER FUNCTION pseudonym_tables() OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION pseudonym_tables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pseudonym_tables() TO spaceport_archiver;

-- Begins to give a person a pseudonym, and writes that to the trail; or continues a run. Returns the run’s id, which is
-- also the id of its row in the trail. Refuses someone who was reactivated after their last offboarding was complete,
-- by the rows of the trail that the verifier goes by too (lib/features/audit/chain/lives.ts).
CREATE FUNCTION begin_pseudonym(p_handle text, p_host text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
DECLARE
  person uuid := departed_person(p_handle);
  run uuid;
  chosen text := 'former-' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10);
BEGIN
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM FROM user_account WHERE id = person FOR NO KEY UPDATE;
  SELECT id INTO run FROM pseudonym WHERE person_id = person AND finished_at IS NULL;
  IF FOUND THEN RETURN run; END IF;
  IF EXISTS (SELECT FROM audit_event back WHERE back.action = 'person.reactivate' AND back.intent_id IS NULL AND back.route IS NULL
      AND back.target_id = person::text AND (back.outcome IS NULL OR back.outcome = 'ok')
      AND back.seq > coalesce((SELECT max(c.seq) FROM audit_event c WHERE c.action = 'offboarding.complete' AND c.intent_id IS NULL AND c.route IS NULL
        AND c.target_id = person::text AND (c.outcome IS NULL OR c.outcome = 'ok')), 9223372036854775807)) THEN
    RAISE EXCEPTION 'the trail says that they were reactivated since: offboard them again first' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO pseudonym (id, person_id, handle, was, terms, started_at)
    SELECT gen_random_uuid(), person, chosen, u.handle, person_terms(person, chosen), now() FROM user_account u WHERE u.id = person RETURNING id INTO run;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, detail)
    VALUES (run, 'person.pseudonymise', now(), 'system', 'command', 'person', person, chosen, 'command/' || p_host, 'portal', jsonb_build_object('login', session_user));
  RETURN run;
END
$_$;
ALTER FUNCTION begin_pseudonym(text, text) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION begin_pseudonym(p_handle text, p_host text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_pseudonym(p_handle text, p_host text) TO spaceport_archiver;

-- Puts the pseudonym into the account. The subject becomes its SHA-256, so that the person still can’t sign in with it
-- (lib/kernel/db/people/subject-pseudonym.ts). From then on, nothing new names the person. Returns the month (UTC) in which the run
-- began.
CREATE FUNCTION rename_to_pseudonym(p_handle text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid := departed_person(p_handle);
  run record;
BEGIN
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  UPDATE user_account SET handle = run.handle, name = 'Former person', email = run.handle || '@person.invalid', left_out_groups = '{}', mail_choices = '{}',
    subject = CASE WHEN subject LIKE 'pseudonymised:%' THEN subject
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || subject, 'UTF8')), 'hex') END,
    oidc_sub = CASE WHEN oidc_sub LIKE 'pseudonymised:%' THEN oidc_sub
      ELSE 'pseudonymised:' || encode(sha256(convert_to(rtrim(issuer, '/') || E'\n' || oidc_sub, 'UTF8')), 'hex') END
    WHERE id = person;
  RETURN to_char(run.started_at AT TIME ZONE 'UTC', 'YYYYMM')::int;
END
$$;
ALTER FUNCTION rename_to_pseudonym(text) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION rename_to_pseudonym(p_handle text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rename_to_pseudonym(p_handle text) TO spaceport_archiver;

-- Puts the pseudonym into 500 pages of a table, from p_from on, or only counts if p_dry is true. Returns how many rows.
-- Shared terms are replaced in rows that have one of the person’s own terms or refer to the person.
CREATE FUNCTION pseudonymise_pages(p_handle text, p_table text, p_from bigint, p_dry boolean) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
DECLARE
  person uuid := departed_person(p_handle);
  run record;
  alone text;
  anything text;
  columns text;
  hidden text;
  texts text;
  links text;
  wheres text;
  touched bigint;
BEGIN
  SELECT p.id, p.handle, p.terms INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND THEN
    IF NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
    SELECT NULL::uuid AS id, 'former-' AS handle, person_terms(person, 'former-') AS terms INTO run;
  END IF;
  alone := terms_pattern(run.terms, false);
  anything := terms_pattern(run.terms, true);
  IF p_table ~ '^audit_event_(before|[0-9]{6})$' THEN
    touched := pseudonymise_trail(p_table, person, run.handle, run.terms, alone, p_from, p_from + 500, CASE WHEN NOT p_dry THEN run.id END);
  ELSE
    SELECT string_agg(format('%I', c.of_column), ', '), string_agg(CASE
        WHEN (c.of_table, c.of_column) = ('request', 'payload')
          -- Names of spaces and clusters are not a person’s.
          THEN 'hide_in_json(payload, $1) || jsonb_strip_nulls(jsonb_build_object(''name'', payload -> ''name'', ''space'', payload -> ''space'', ''cluster'', payload -> ''cluster''))'
        WHEN c.of_type = 'text[]'::regtype THEN format('hide_in_list(%I, $1)', c.of_column)
        WHEN c.of_type = 'jsonb'::regtype THEN format('hide_in_json(%I, $1)', c.of_column)
        ELSE format('hide_in_text(%I, $1)', c.of_column) END, ', '),
      string_agg(CASE WHEN c.of_type = 'text[]'::regtype THEN format('array_to_string(%I, E''\n'')', c.of_column)
        WHEN (c.of_table, c.of_column) = ('request', 'payload') THEN '(payload - ''name'' - ''space'' - ''cluster'')::text'
        ELSE format('%I::text', c.of_column) END, ', ')
      INTO columns, hidden, texts FROM pseudonym_columns() c WHERE c.of_table = p_table;
    IF columns IS NULL THEN RAISE EXCEPTION 'no such table'; END IF;
    SELECT coalesce(string_agg(format('%I', a.attname), ', '), 'NULL') INTO links FROM pg_attribute a
      WHERE a.attrelid = ('public.' || quote_ident(p_table))::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype;
    texts := format('concat_ws(E''\n'', %s)', texts);
    wheres := format('$4::text IS NOT NULL AND ctid >= %L AND ctid < %L AND (%s ~* $2 OR $3 IN (%s) AND %s ~* $4) AND ROW (%s) IS DISTINCT FROM ROW (%s)',
      format('(%s,0)', p_from), format('(%s,0)', p_from + 500), texts, links, texts, columns, hidden);
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE %s', p_table, wheres) INTO touched USING run.terms, alone, person, anything;
    ELSE
      EXECUTE format(CASE p_table
        WHEN 'review_report' THEN 'WITH changed AS (UPDATE review_report SET (%2$s) = ROW (%3$s) WHERE %4$s RETURNING review_id),
          noted AS (UPDATE review SET pseudonymised_at = now() WHERE id IN (SELECT review_id FROM changed)) SELECT count(*) FROM changed'
        WHEN 'offboarding' THEN 'WITH changed AS (UPDATE offboarding SET (%2$s) = ROW (%3$s),
          pseudonymised_at = CASE WHEN certificate IS DISTINCT FROM hide_in_text(certificate, $1) THEN now() ELSE pseudonymised_at END WHERE %4$s RETURNING 1) SELECT count(*) FROM changed'
        ELSE 'WITH changed AS (UPDATE %1$I SET (%2$s) = ROW (%3$s) WHERE %4$s RETURNING 1) SELECT count(*) FROM changed' END,
        p_table, columns, hidden, wheres) INTO touched USING run.terms, alone, person, anything;
    END IF;
  END IF;
  IF NOT p_dry THEN UPDATE pseudonym SET rows = rows + touched WHERE id = run.id; END IF;
  RETURN touched;
END
$_$;
ALTER FUNCTION pseudonymise_pages(text, text, bigint, boolean) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION pseudonymise_pages(p_handle text, p_table text, p_from bigint, p_dry boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pseudonymise_pages(p_handle text, p_table text, p_from bigint, p_dry boolean) TO
  spaceport_archiver;

-- Deletes rows that are only the person’s, up to a thousand of each table, or only counts them if p_dry is true.
-- Returns how many of each. Also removes the subject from the certificate.
CREATE FUNCTION remove_own_rows(p_handle text, p_dry boolean) RETURNS TABLE(name text, touched bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
DECLARE
  person uuid := departed_person(p_handle);
  sought jsonb;
  own record;
BEGIN
  SELECT p.terms INTO sought FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL;
  IF NOT FOUND AND NOT p_dry THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  sought := coalesce(sought, person_terms(person, 'former-'));
  FOR own IN SELECT * FROM (VALUES
      (1, 'session', 'user_id = $1'), (2, 'user_group', 'user_id = $1'), (3, 'space_use', 'user_id = $1'), (4, 'webhook', 'user_id = $1'),
      (5, 'scim_group_member', 'user_id = $1'), (6, 'scim_user', 'user_id = $1'),
      (7, 'mail_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (8, 'webhook_delivery', 'event_id IN (SELECT id FROM inbox_event WHERE user_id = $1)'),
      (9, 'inbox_event', 'user_id = $1 AND NOT EXISTS (SELECT FROM mail_delivery d WHERE d.event_id = inbox_event.id) AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.event_id = inbox_event.id)'),
      -- Sign-ins are counted by a hash of the subject, for a minute.
      (10, 'rate_limit', 'strpos(key, $1::text) > 0'),
      (11, 'direct_access', 'concat_ws(E''\n'', user_name, credential_id, last_request) ~* $2'),
      -- Everyone’s: they are compressed, so nothing can be found in them, and are written again in minutes.
      (12, 'trail_export', 'true'),
      (13, 'saved_filter', 'person_id = $1'),
      (14, 'credential_use', 'credential_id IN (SELECT k.id FROM credential k WHERE k.user_id = $1)'))
      AS o(place, "table", "where") ORDER BY o.place LOOP
    name := own."table";
    IF p_dry THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE %s', own."table", own."where") INTO touched USING person, terms_pattern(sought, false);
    ELSE
      EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE %2$s LIMIT 1000)) RETURNING 1) SELECT count(*) FROM gone',
        own."table", own."where") INTO touched USING person, terms_pattern(sought, false);
    END IF;
    RETURN NEXT;
  END LOOP;
  IF NOT p_dry THEN
    UPDATE offboarding o SET certificate = c.hidden, pseudonymised_at = now()
      FROM (SELECT id, regexp_replace(certificate, '"subject":"(?:[^"\\]|\\.)*"', '"subject":"pseudonymised"') AS hidden FROM offboarding WHERE person_id = person) c
      WHERE o.id = c.id AND o.certificate IS DISTINCT FROM c.hidden;
  END IF;
END
$_$;
ALTER FUNCTION remove_own_rows(text, boolean) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION remove_own_rows(p_handle text, p_dry boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remove_own_rows(p_handle text, p_dry boolean) TO spaceport_archiver;

-- Puts the pseudonym into some pages of a month of the trail: into rows by the person, rows about the person, and texts
-- with one of the terms. Before, it records in the trail which rows these are, with the hash of what is put into each
-- (ADR 26). Returns how many; without p_run, it only counts. Runs as the trail’s owner.
CREATE FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text, p_from bigint, p_until bigint, p_run uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
DECLARE
  seqs bigint[];
  hashes text[];
  -- Not into the records of it, because the verifier needs them unchanged.
  matched text := format('FROM %I e WHERE e.ctid >= %L AND e.ctid < %L AND e.action NOT LIKE ''person.pseudonymise%%'' AND (e.actor_id = $1 OR e.target_kind = ''person'' AND e.target_id = $1::text
    OR concat_ws(E''\n'', e.actor_handle, e.actor_name, e.target_name, e.user_agent, e.detail::text) ~* $4)', p_month, format('(%s,0)', p_from), format('(%s,0)', p_until));
  hidden text := 'CASE WHEN e.actor_id = $1 AND e.actor_handle IS NOT NULL THEN $2 ELSE hide_in_text(e.actor_handle, $3) END,
    CASE WHEN e.actor_id = $1 AND e.actor_name IS NOT NULL THEN ''Former person'' WHEN e.actor_id IS NOT NULL THEN e.actor_name ELSE hide_in_text(e.actor_name, $3) END,
    CASE WHEN e.target_kind = ''person'' AND e.target_id = $1::text AND e.target_name IS NOT NULL THEN $2 ELSE hide_in_text(e.target_name, $3) END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE e.source_address END,
    CASE WHEN e.actor_id = $1 THEN NULL ELSE hide_in_text(e.user_agent, $3) END,
    hide_in_json(e.detail, $3)';
BEGIN
  IF p_month !~ '^audit_event_(before|[0-9]{6})$' THEN RAISE EXCEPTION 'not a month of the trail'; END IF;
  EXECUTE format('SELECT coalesce(array_agg(m.seq ORDER BY m.seq), ''{}''), array_agg(m.hash ORDER BY m.seq) FROM (
      SELECT e.seq, trail_replacement_hash(trail_personal_hash(ROW (e.*)::audit_event), %s) AS hash %s
        AND (%s) IS DISTINCT FROM (e.actor_handle, e.actor_name, e.target_name, e.source_address, e.user_agent, e.detail)) m', hidden, matched, hidden)
    INTO seqs, hashes USING p_person, p_handle, p_terms, p_any;
  IF p_run IS NULL OR cardinality(seqs) = 0 THEN RETURN cardinality(seqs); END IF;
  INSERT INTO audit_event (id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    SELECT gen_random_uuid(), 'person.pseudonymise-rows', now(), 'system', 'command', 'person', p_person, p_handle, i.observer, 'portal', 'ok',
      jsonb_build_object('of', p_run, 'rows', (SELECT jsonb_object_agg(r.seq::text, r.hash) FROM unnest(seqs[n:n + 149], hashes[n:n + 149]) r(seq, hash)))
    FROM generate_series(1, cardinality(seqs), 150) n, audit_event i WHERE i.id = p_run;
  -- By way of the parent table, if the month is attached: its trigger has the words indexed again.
  EXECUTE format('UPDATE %I e SET (actor_handle, actor_name, target_name, source_address, user_agent, detail) = ROW (%s),
    personal_hash = trail_personal_hash(ROW (e.*)::audit_event), salt = NULL WHERE e.seq = ANY ($4)',
    CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = p_month::regclass) THEN 'audit_event' ELSE p_month END, hidden)
    USING p_person, p_handle, p_terms, seqs;
  RETURN cardinality(seqs);
END
$_$;
ALTER FUNCTION pseudonymise_trail(text, uuid, text, jsonb, text, bigint, bigint, uuid) OWNER TO spaceport_trail_owner;
REVOKE ALL ON FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text, p_from
  bigint, p_until bigint, p_run uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pseudonymise_trail(p_month text, p_person uuid, p_handle text, p_terms jsonb, p_any text,
  p_from bigint, p_until bigint, p_run uuid) TO spaceport_pseudonymiser;

-- The last step: forgets the terms, and writes the outcome to the trail. Returns the pseudonym. Refuses to finish while
-- the account has its former name.
CREATE FUNCTION finish_pseudonym(p_handle text, p_host text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $_$
DECLARE
  person uuid := departed_person(p_handle);
  run record;
BEGIN
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO run FROM pseudonym p WHERE p.person_id = person AND p.finished_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'begin first' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
  IF NOT EXISTS (SELECT FROM user_account WHERE id = person AND handle = run.handle) THEN
    RAISE EXCEPTION 'the account has its name yet' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  UPDATE pseudonym SET terms = NULL, was = NULL, finished_at = now() WHERE id = run.id;
  INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), run.id, 'person.pseudonymise', now(), 'system', 'command', 'person', person, run.handle, 'command/' || p_host, 'portal', 'ok',
      jsonb_build_object('login', session_user, 'rows', run.rows));
  RETURN run.handle;
END
$_$;
ALTER FUNCTION finish_pseudonym(text, text) OWNER TO spaceport_pseudonymiser;
REVOKE ALL ON FUNCTION finish_pseudonym(p_handle text, p_host text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finish_pseudonym(p_handle text, p_host text) TO spaceport_archiver;

-- # Functions and triggers: the job queue
-- Queues a reconcile of a space. The flag lets the worker skip jobs of a cluster that has no free queue slot. Runs as
-- the queue’s owner, like the functions below, because web has no rights in the queue’s schema (ADR 15).
CREATE FUNCTION enqueue_reconcile(space_id uuid, after_seconds float8) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $_$
BEGIN
  PERFORM graphile_worker.add_job('reconcile-space', json_build_object('spaceId', $1::text),
    job_key := 'reconcile-space:' || $1, run_at := now() + make_interval(secs => after_seconds), max_attempts := 25,
    flags := (SELECT ARRAY['cluster:' || s.cluster_id] FROM public.space s WHERE s.id = $1));
END
$_$;
ALTER FUNCTION enqueue_reconcile(uuid, double precision) OWNER TO spaceport_queue_owner;
REVOKE ALL ON FUNCTION enqueue_reconcile(space_id uuid, after_seconds double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_reconcile(space_id uuid, after_seconds double precision) TO spaceport_web,
  spaceport_worker;

-- Queues a reconcile again after a failure, unless a job is waiting: that one is due sooner and counts no failures.
CREATE FUNCTION retry_reconcile(space_id uuid, after_seconds float8, failures integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $_$
BEGIN
  PERFORM FROM graphile_worker.jobs j
    WHERE j.key = 'reconcile-space:' || $1 AND j.locked_at IS NULL AND j.attempts < j.max_attempts;
  IF FOUND THEN
    RETURN;
  END IF;
  PERFORM graphile_worker.add_job('reconcile-space', json_build_object('spaceId', $1::text, 'failures', $3),
    job_key := 'reconcile-space:' || $1, run_at := now() + make_interval(secs => after_seconds), max_attempts := 25,
    flags := (SELECT ARRAY['cluster:' || s.cluster_id] FROM public.space s WHERE s.id = $1));
END
$_$;
ALTER FUNCTION retry_reconcile(uuid, double precision, integer) OWNER TO spaceport_queue_owner;
REVOKE ALL ON FUNCTION retry_reconcile(space_id uuid, after_seconds double precision, failures integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retry_reconcile(space_id uuid, after_seconds double precision, failures integer) TO
  spaceport_worker;

-- Removes a waiting job once the change that queued it is on the cluster: the job was for the case that the process
-- dies. A job that is running stays.
CREATE FUNCTION forget_reconcile(space_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $_$
BEGIN
  PERFORM FROM graphile_worker.jobs j WHERE j.key = 'reconcile-space:' || $1 AND j.locked_at IS NULL;
  IF FOUND THEN
    PERFORM graphile_worker.remove_job('reconcile-space:' || $1);
  END IF;
END
$_$;
ALTER FUNCTION forget_reconcile(uuid) OWNER TO spaceport_queue_owner;
REVOKE ALL ON FUNCTION forget_reconcile(space_id uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_reconcile(space_id uuid) TO spaceport_web, spaceport_worker;

-- Returns how many jobs are waiting or running.
CREATE FUNCTION queue_length() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM graphile_worker.jobs);
END
$$;
ALTER FUNCTION queue_length() OWNER TO spaceport_queue_owner;
REVOKE ALL ON FUNCTION queue_length() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queue_length() TO spaceport_web, spaceport_worker;

-- # The trail belongs to a role of its own
ALTER TABLE audit_event OWNER TO spaceport_trail_owner;
ALTER TABLE audit_archive OWNER TO spaceport_trail_owner;
ALTER TABLE audit_block OWNER TO spaceport_trail_owner;
ALTER TABLE audit_checkpoint OWNER TO spaceport_trail_owner;
ALTER TABLE audit_key OWNER TO spaceport_trail_owner;
ALTER TABLE audit_retention OWNER TO spaceport_trail_owner;
ALTER TABLE audit_turn OWNER TO spaceport_trail_owner;
ALTER TABLE audit_unsealed OWNER TO spaceport_trail_owner;
ALTER TABLE audit_words OWNER TO spaceport_trail_owner;
ALTER TABLE audit_words_again OWNER TO spaceport_trail_owner;
ALTER TABLE audit_words_state OWNER TO spaceport_trail_owner;
ALTER TABLE pseudonym OWNER TO spaceport_pseudonymiser;
ALTER SEQUENCE audit_event_seq_seq OWNER TO spaceport_trail_owner;
ALTER SEQUENCE audit_event_seq_seq OWNED BY audit_event.seq;

-- # Rights
-- No login may delete from a table with keep_ends(), except sessions, which end by that, and webhooks.
-- spaceport_pseudonymiser may update the columns that can name a person; pseudonym_columns() finds them by these
-- rights.
GRANT USAGE ON SCHEMA public TO spaceport_web, spaceport_worker, spaceport_gateway, spaceport_queue_owner,
  spaceport_auditor, spaceport_archiver, spaceport_pseudonymiser, spaceport_turn_owner, spaceport_unblocker;
GRANT USAGE, CREATE ON SCHEMA public TO spaceport_trail_owner;
GRANT SELECT, INSERT, UPDATE ON user_account TO spaceport_web;
GRANT SELECT, UPDATE (deactivated_at, deactivation_reason, groups_suspended_at, unseen_warned_at, unseen_reminded_at,
  unseen_ends_at) ON user_account TO spaceport_worker;
GRANT SELECT, REFERENCES, UPDATE (subject, handle, name, email, left_out_groups, deactivation_reason, mail_choices,
  admin_reason, oidc_sub) ON user_account TO spaceport_pseudonymiser;
GRANT SELECT (id, issuer, handle, name, email, deactivated_at, groups_verified_at) ON user_account TO spaceport_gateway;
GRANT SELECT (id, handle) ON user_account TO spaceport_trail_owner;
GRANT SELECT, INSERT, DELETE, UPDATE ON user_group TO spaceport_web;
GRANT SELECT ON user_group TO spaceport_worker, spaceport_gateway;
GRANT SELECT, DELETE ON user_group TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, DELETE, UPDATE ON session TO spaceport_web;
GRANT SELECT, DELETE ON session TO spaceport_pseudonymiser;
-- The worker sees when people were last active, and nothing else of sessions.
GRANT SELECT (user_id, last_seen_at) ON session TO spaceport_worker;
GRANT SELECT, DELETE, INSERT (subject) ON access_change TO spaceport_worker;
GRANT SELECT ON access_change TO spaceport_gateway;
GRANT SELECT, INSERT (subject) ON access_change TO spaceport_pseudonymiser;
GRANT INSERT (subject) ON access_change TO spaceport_web;
GRANT SELECT, INSERT, UPDATE (asked_at, failures) ON identity_provider TO spaceport_web;
GRANT SELECT ON identity_provider TO spaceport_worker, spaceport_gateway;
GRANT SELECT, INSERT ON named_address TO spaceport_web;
GRANT SELECT, INSERT, DELETE, UPDATE ON rate_limit TO spaceport_web;
GRANT SELECT, DELETE ON rate_limit TO spaceport_pseudonymiser;
-- Only the operator’s command, as the tables’ owner, adds and removes break-glass codes.
GRANT SELECT, UPDATE (used_at, used_by_id, source_address, acknowledged_at, acknowledged_by_id) ON break_glass_code TO
  spaceport_web;
GRANT SELECT, INSERT ON cluster TO spaceport_web;
GRANT SELECT, INSERT, UPDATE (fence_faults, fences_proved_at, rights_findings) ON cluster TO spaceport_worker;
GRANT SELECT ON cluster TO spaceport_gateway;
GRANT SELECT, UPDATE (rights_findings) ON cluster TO spaceport_pseudonymiser;
GRANT SELECT (id, name) ON cluster TO spaceport_trail_owner;
GRANT SELECT ON cluster_reading TO spaceport_web;
GRANT SELECT, INSERT, UPDATE ON cluster_reading TO spaceport_worker;
GRANT SELECT, UPDATE (exempt) ON cluster_reading TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE ON space TO spaceport_web;
GRANT SELECT, INSERT (id, cluster_id, name, namespace, creation, description, size, owner_id, ends_at, request_id,
  declared_namespace, declared_uid, declared_generation, declared_done, declared_members), UPDATE (description, size,
  status, ends_at, generation, observed_generation, namespace_uid, steps, failure_code, failure_message, reconciled_at,
  delete_requested_at, deleted_at, first_ready_at, failing_since, declared_namespace, declared_uid, declared_generation,
  declared_done, declared_members) ON space TO spaceport_worker;
GRANT SELECT ON space TO spaceport_gateway;
GRANT SELECT, UPDATE (description, steps, failure_message) ON space TO spaceport_pseudonymiser;
GRANT SELECT (id, cluster_id) ON space TO spaceport_queue_owner;
GRANT SELECT, INSERT, UPDATE ON space_grant TO spaceport_web;
GRANT SELECT, INSERT (id, space_id, user_id, "group", role, starts_at, ends_at, created_by_id, request_id, created_at,
  withheld_from, group_issuer, awaits_start), UPDATE (role, ends_at, removed_at, removed_by_id, withheld_from,
  awaits_start) ON space_grant TO spaceport_worker;
GRANT SELECT ON space_grant TO spaceport_gateway;
GRANT SELECT, INSERT, UPDATE ON space_offer TO spaceport_web;
GRANT SELECT, UPDATE (state, closed_at) ON space_offer TO spaceport_worker;
GRANT SELECT, UPDATE (reason) ON space_offer TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE ON space_usage TO spaceport_web, spaceport_worker;
GRANT SELECT ON space_use TO spaceport_web, spaceport_worker;
GRANT SELECT, INSERT, UPDATE (last_used_at) ON space_use TO spaceport_gateway;
GRANT SELECT, DELETE ON space_use TO spaceport_pseudonymiser;
GRANT SELECT ON usage_sample TO spaceport_web;
GRANT SELECT, INSERT, DELETE ON usage_sample TO spaceport_worker;
GRANT SELECT, INSERT ON policy_version TO spaceport_web;
GRANT SELECT ON policy_version TO spaceport_worker, spaceport_gateway, spaceport_turn_owner;
GRANT SELECT, UPDATE (reason) ON policy_version TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE ON request TO spaceport_web;
GRANT SELECT, INSERT (id, kind, requester_id, cluster_id, space_id, payload, payload_hash, reason, state, created_at,
  expires_at), UPDATE (state, decided_at, decision_reason, took_effect_at) ON request TO spaceport_worker;
GRANT SELECT, UPDATE (payload, reason, decision_reason) ON request TO spaceport_pseudonymiser;
GRANT SELECT, INSERT ON request_approval TO spaceport_web;
GRANT SELECT, UPDATE (reason) ON request_approval TO spaceport_pseudonymiser;
GRANT SELECT ON request_approval TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ON credential TO spaceport_web;
GRANT SELECT, UPDATE (revoked_at, name) ON credential TO spaceport_pseudonymiser;
GRANT SELECT (id, user_id, cluster_id, space_id, created_at, ends_at, revoked_at, session_id), UPDATE
  (revoked_at) ON credential TO spaceport_worker;
GRANT SELECT (id, user_id, cluster_id, space_id, token_hash, ends_at, revoked_at, session_id) ON credential TO spaceport_gateway;
GRANT SELECT, INSERT, UPDATE (last_used_at, address, client) ON credential_use TO spaceport_gateway;
GRANT SELECT ON credential_use TO spaceport_web;
GRANT SELECT, DELETE ON credential_use TO spaceport_pseudonymiser;
GRANT SELECT (credential_id, last_used_at) ON credential_use TO spaceport_worker;
GRANT SELECT, INSERT (id, name, scope, undecided, by_id, created_at, due_at), UPDATE (state, due_at, reminded_days,
  closed_by_id, close_reason) ON review TO spaceport_web;
GRANT SELECT, INSERT (id, name, scope, undecided, created_at, due_at), UPDATE (state, due_at, after, lines, opened_at,
  reminded_days, closed_at, report_hash) ON review TO spaceport_worker;
GRANT SELECT, UPDATE (name, scope, close_reason, pseudonymised_at) ON review TO spaceport_pseudonymiser;
GRANT SELECT, INSERT (review_id, cluster_id, next_at) ON review_cluster TO spaceport_web;
GRANT SELECT, INSERT (review_id, cluster_id, next_at), UPDATE (after, spaces, failures, failure_code, next_at,
  finished_at) ON review_cluster TO spaceport_worker;
GRANT SELECT, UPDATE (state, role, ends_at, decided_at, decided_by_id, to_role, reason, was_role) ON review_line TO
  spaceport_web;
GRANT SELECT, INSERT (id, review_id, kind, state, space_id, cluster, space_name, grant_id, user_id, "group",
  group_issuer, holder, holder_name, handles, role, since, ends_at, given_by, last_used_at, unused, binding), UPDATE
  (state, role, ends_at, reviewer_id, decided_at, reason, was_role) ON review_line TO spaceport_worker;
GRANT SELECT, UPDATE (holder, holder_name, handles, given_by, binding, reason) ON review_line TO
  spaceport_pseudonymiser;
GRANT SELECT ON review_report TO spaceport_web;
GRANT SELECT, INSERT ON review_report TO spaceport_worker;
GRANT SELECT, UPDATE (text) ON review_report TO spaceport_pseudonymiser;
GRANT SELECT, UPDATE (months, next_on, due_days, undecided) ON review_schedule TO spaceport_web;
GRANT SELECT, UPDATE (next_on) ON review_schedule TO spaceport_worker;
GRANT SELECT, INSERT (id, person_id, by_id, reason, created_at, ended, act_id), UPDATE (reactivated_at) ON offboarding
  TO spaceport_web;
GRANT SELECT, UPDATE (completed_at, certificate, certificate_hash) ON offboarding TO spaceport_worker;
GRANT SELECT, UPDATE (reason, ended, certificate, pseudonymised_at) ON offboarding TO spaceport_pseudonymiser;
GRANT SELECT, INSERT (offboarding_id, cluster_id, spaces_held, next_at), UPDATE (next_at) ON offboarding_cluster TO
  spaceport_web;
GRANT SELECT, UPDATE (after, all_asked, spaces, reviews, allowed, more_allowed, failures, failure_code, next_at,
  started_at, finished_at) ON offboarding_cluster TO spaceport_worker;
GRANT SELECT, UPDATE (allowed) ON offboarding_cluster TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE (read_at) ON inbox_event TO spaceport_web;
GRANT SELECT, INSERT ON inbox_event TO spaceport_worker;
GRANT SELECT, DELETE, UPDATE (data) ON inbox_event TO spaceport_pseudonymiser;
GRANT SELECT, INSERT (id, event_id, next_attempt_at, created_at) ON mail_delivery TO spaceport_web;
GRANT SELECT, DELETE, INSERT (id, event_id, next_attempt_at, created_at), UPDATE (state, attempts, next_attempt_at,
  last_error, closed_at) ON mail_delivery TO spaceport_worker;
GRANT SELECT, DELETE, UPDATE (last_error) ON mail_delivery TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, DELETE, UPDATE ON webhook TO spaceport_web;
GRANT SELECT, UPDATE (off_at) ON webhook TO spaceport_worker;
GRANT SELECT, DELETE ON webhook TO spaceport_pseudonymiser;
GRANT SELECT, INSERT (id, event_id, next_attempt_at, created_at) ON webhook_delivery TO spaceport_web;
GRANT SELECT, DELETE, INSERT (id, event_id, next_attempt_at, created_at), UPDATE (state, attempts, next_attempt_at,
  last_error, closed_at) ON webhook_delivery TO spaceport_worker;
GRANT SELECT, DELETE, UPDATE (last_error) ON webhook_delivery TO spaceport_pseudonymiser;
GRANT SELECT, UPDATE ON ending_digest TO spaceport_worker;
GRANT SELECT, INSERT, DELETE, UPDATE (name) ON saved_filter TO spaceport_web;
GRANT SELECT, DELETE, UPDATE (name, query) ON saved_filter TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE (last_used_at, last_used_address, revoked_at, revoked_by_id) ON scim_token TO
  spaceport_web;
GRANT SELECT, UPDATE (name) ON scim_token TO spaceport_pseudonymiser;
GRANT SELECT (id, slot) ON scim_token TO spaceport_turn_owner;
GRANT SELECT (last_used_at) ON scim_token TO spaceport_worker, spaceport_gateway;
GRANT SELECT, INSERT, UPDATE (responsible) ON scim_token_maker TO spaceport_web;
GRANT SELECT ON scim_token_maker TO spaceport_worker, spaceport_gateway;
GRANT SELECT, INSERT, UPDATE (lapses_at, approved_at, approved_by_id, closed_at, closed_by_id, closed_as, token_id) ON
  scim_token_request TO spaceport_web;
GRANT SELECT, UPDATE (name) ON scim_token_request TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, DELETE, UPDATE ON scim_user TO spaceport_web;
GRANT SELECT, DELETE ON scim_user TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, DELETE, UPDATE ON scim_group TO spaceport_web;
GRANT SELECT, UPDATE (suspended_at) ON scim_group TO spaceport_worker;
GRANT SELECT ON scim_group TO spaceport_gateway;
GRANT SELECT, INSERT, DELETE, UPDATE ON scim_group_member TO spaceport_web;
GRANT SELECT ON scim_group_member TO spaceport_worker, spaceport_gateway;
GRANT SELECT, DELETE ON scim_group_member TO spaceport_pseudonymiser;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by_id) ON provisioning_freeze TO spaceport_web;
GRANT SELECT, UPDATE (reason) ON provisioning_freeze TO spaceport_pseudonymiser;
-- Column by column: no login chooses seq, recorded_at, salt, personal_hash or route. A new column has to be granted by
-- name.
GRANT SELECT, INSERT (id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id,
  target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome, reason, detail,
  request_id, cluster_audit_id) ON audit_event TO spaceport_web, spaceport_worker;
GRANT SELECT ON audit_event TO spaceport_auditor, spaceport_archiver;
GRANT SELECT, INSERT (id, intent_id, action, at, actor_kind, actor_name, target_kind, target_id, target_name, observer,
  destination, outcome, detail) ON audit_event TO spaceport_pseudonymiser;
GRANT SELECT (seq, id, intent_id), INSERT (id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name,
  target_kind, target_id, target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome,
  reason, detail, request_id, cluster_audit_id) ON audit_event TO spaceport_gateway;
GRANT SELECT ON audit_block TO spaceport_web, spaceport_worker, spaceport_auditor, spaceport_archiver;
GRANT SELECT ON audit_unsealed TO spaceport_web, spaceport_worker, spaceport_auditor, spaceport_archiver;
GRANT SELECT ON audit_checkpoint TO spaceport_web, spaceport_auditor, spaceport_archiver;
GRANT SELECT, INSERT ON audit_checkpoint TO spaceport_worker;
GRANT SELECT ON audit_key TO spaceport_web, spaceport_auditor, spaceport_archiver;
GRANT SELECT, INSERT (key_id, public_key) ON audit_key TO spaceport_worker;
GRANT SELECT ON audit_words TO spaceport_web, spaceport_worker;
GRANT SELECT ON audit_words_state TO spaceport_web, spaceport_worker;
GRANT SELECT ON audit_words_again TO spaceport_web, spaceport_worker;
GRANT SELECT, INSERT (id, asked_by_id, from_at, to_at), UPDATE (cancelled_at, cancelled_by_id) ON trail_check TO
  spaceport_web;
GRANT SELECT, INSERT (id), UPDATE (started_at, seen_at, total, done, first_block, last_block, ended_at, result,
  findings, finding_count) ON trail_check TO spaceport_worker;
GRANT SELECT, DELETE, INSERT (id, person_id, format, filter, created_at) ON trail_export TO spaceport_web;
GRANT SELECT, DELETE, UPDATE (state, finished_at, until, total, cursor, reached, events, bytes, parts, error, attempts,
  taken_until) ON trail_export TO spaceport_worker;
GRANT SELECT, DELETE ON trail_export TO spaceport_pseudonymiser;
GRANT SELECT ON trail_export_part TO spaceport_web;
GRANT INSERT, DELETE, SELECT (export_id, number, start) ON trail_export_part TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ON trail_delivery TO spaceport_worker;
GRANT SELECT ON trail_delivery TO spaceport_web;
GRANT SELECT (sink, block, seen_at) ON trail_delivery TO spaceport_trail_owner;
GRANT SELECT (sink, host, block, seen_at) ON trail_delivery TO spaceport_archiver;
GRANT SELECT ON audit_retention TO spaceport_archiver, spaceport_auditor, spaceport_web, spaceport_worker;
GRANT SELECT ON audit_archive TO spaceport_archiver, spaceport_auditor, spaceport_web, spaceport_worker;
-- Only the operator’s command, as the tables’ owner, adds tokens. The worker compares hashes.
GRANT SELECT ON cluster_audit_token TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ON cluster_audit_intake TO spaceport_worker;
GRANT SELECT ON cluster_audit_intake TO spaceport_web;
GRANT SELECT, INSERT, DELETE, UPDATE ON cluster_audit_counted TO spaceport_worker;
GRANT SELECT, INSERT, DELETE, UPDATE ON direct_access TO spaceport_worker;
GRANT SELECT ON direct_access TO spaceport_web;
GRANT SELECT, DELETE ON direct_access TO spaceport_pseudonymiser;
GRANT USAGE ON SEQUENCE access_change_id_seq TO spaceport_web, spaceport_worker, spaceport_pseudonymiser;
GRANT USAGE ON SEQUENCE audit_event_seq_seq TO spaceport_web, spaceport_worker, spaceport_gateway,
  spaceport_pseudonymiser;

-- # First rows
INSERT INTO audit_turn VALUES ('seal'), ('partitions'), ('archive'), ('words');
INSERT INTO audit_words_state DEFAULT VALUES;
INSERT INTO audit_retention VALUES (1, 3, 7);
INSERT INTO ending_digest (id, day, day_before, done)
  SELECT 1, today - 1, today - 2, true FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) t;
INSERT INTO review_schedule (id, months, next_on, due_days, undecided)
  SELECT 1, 3, (date_trunc('quarter', now() AT TIME ZONE 'UTC') + interval '3 months')::date, 21, 'keep';

-- The first partitions of the trail. Those named `before` are for a clock that is set back.
DO $$
DECLARE
  month bigint := to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::bigint;
BEGIN
  EXECUTE format('CREATE TABLE audit_event_before PARTITION OF audit_event FOR VALUES FROM (MINVALUE) TO (%s)', month * 1000000000000);
  EXECUTE format('CREATE TABLE audit_block_before PARTITION OF audit_block FOR VALUES FROM (MINVALUE) TO (%s)', month);
END
$$;
SELECT prepare_trail_partition('audit_event_before');
CREATE TRIGGER audit_block_no_truncate BEFORE TRUNCATE ON audit_block_before
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
ALTER TABLE audit_event_before OWNER TO spaceport_trail_owner;
ALTER TABLE audit_block_before OWNER TO spaceport_trail_owner;
SELECT make_trail_partitions();
REVOKE CREATE ON SCHEMA public FROM spaceport_queue_owner, spaceport_pseudonymiser, spaceport_turn_owner, spaceport_unblocker;
