/** Each test uses the login of one process, as a thief would. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { auditActions, clusterActions, gatewayActions } from '#lib/kernel/model/audit/audit-action.ts'
import type { ProcessName } from './session-of-process.ts'

const id = {
  person: randomUUID(),
  session: randomUUID(),
  space: randomUUID(),
  grant: randomUUID(),
  declared: randomUUID(),
  declaredGrant: randomUUID(),
}
const more = {
  review: randomUUID(),
  closed: randomUUID(),
  offboarding: randomUUID(),
  offboarded: randomUUID(),
  request: randomUUID(),
  credential: randomUUID(),
  token: randomUUID(),
  pushed: randomUUID(),
  group: `g-${randomUUID()}`,
}
const clients = new Map<ProcessName | 'owner', pg.Client>()

async function connect(name: ProcessName | 'owner', connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  clients.set(name, client)
}

beforeAll(async () => {
  const { databaseUrls: urls, ownerDatabaseUrl } = await ownDatabase()
  await Promise.all([
    connect('owner', ownerDatabaseUrl),
    connect('web', urls.web),
    connect('worker', urls.worker),
    connect('gateway', urls.gateway),
  ])
  await clients.get('owner')?.query(`
    INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING;
    INSERT INTO user_account (id, issuer, subject, handle, name, email)
      VALUES ('${id.person}', 'https://issuer.test', '${id.person}', 'role-${id.person}', 'x', 'x');
    INSERT INTO user_account (id, issuer, subject, handle, name, email)
      VALUES ('${more.offboarded}', 'https://issuer.test', '${more.offboarded}', 'role-${more.offboarded}', 'x', 'x');
    INSERT INTO user_group (user_id, "group") VALUES ('${id.person}', '${more.group}');
    INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ('${id.session}', '\\x${id.session.replaceAll('-', '')}', '${id.person}', now() + interval '1 hour');
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
      SELECT '${id.space}', c.id, 'r-${id.space}', 'r-${id.space}', 'x', 'S', '${id.person}', 'ready' FROM cluster c WHERE c.name = 'default';
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, declared_namespace)
      SELECT '${id.declared}', c.id, 'd-${id.declared}', 'd-${id.declared}', 'x', 'S', '${id.person}', 'ready', 'team' FROM cluster c WHERE c.name = 'default';
    INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
      VALUES ('${id.declaredGrant}', '${id.declared}', '${more.group}', 'https://issuer.test', 'viewer', now());
    INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
      VALUES ('${id.grant}', '${id.space}', '${more.group}', 'https://issuer.test', 'viewer', now());
    INSERT INTO request (id, kind, requester_id, cluster_id, space_id, payload, payload_hash, reason, expires_at)
      SELECT '${more.request}', 'role', '${id.person}', c.id, '${id.space}', '{}', 'x', 'x', now() + interval '1 hour' FROM cluster c WHERE c.name = 'default';
    INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ('${more.credential}', '${id.person}', '\\x${more.credential.replaceAll('-', '')}', now() + interval '1 hour');
    INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended)
      VALUES ('${more.offboarding}', '${more.offboarded}', '${id.person}', 'x', now(), '{}');
    INSERT INTO review (id, name, scope, undecided, created_at, due_at) VALUES ('${more.review}', 'r', '{}', 'keep', now(), now());
    INSERT INTO review_line (id, review_id, kind, state, space_id, cluster, space_name, holder, holder_name, role)
      VALUES (gen_random_uuid(), '${more.review}', 'grant', 'open', '${id.space}', 'default', 'x', 'x', 'x', 'viewer');
    INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id) VALUES ('${more.token}', 'x', 1, 'x', now(), '${id.person}');
    INSERT INTO scim_user (id, user_id, user_name, attributes, created_at, modified_at)
      VALUES (gen_random_uuid(), '${id.person}', 'x', '{}', now(), now());
    INSERT INTO scim_group (id, issuer, display_name, created_at, modified_at)
      VALUES ('${more.pushed}', 'https://issuer.test', 'pushed-${more.pushed}', now(), now());
    INSERT INTO review (id, name, scope, undecided, created_at, due_at) VALUES ('${more.closed}', 'c', '{}', 'keep', now(), now());
    INSERT INTO review_line (id, review_id, kind, state, space_id, cluster, space_name, holder, holder_name, role)
      VALUES (gen_random_uuid(), '${more.closed}', 'grant', 'kept', '${id.space}', 'default', 'x', 'x', 'x', 'viewer');
    UPDATE review SET state = 'closed', report_hash = 'x', closed_at = now() WHERE id = '${more.closed}';
    ${trailRow()}`)
})
afterAll(async () => {
  await clients
    .get('owner')
    ?.query(`UPDATE space SET status = 'deleted', deleted_at = now() WHERE id IN ('${id.space}', '${id.declared}')`)
  await Promise.all([...clients.values()].map((client) => client.end()))
})

/** Runs one statement with a process's login and rolls it back. @returns how many rows it affected */
async function attempt(process: ProcessName, statement: string): Promise<number> {
  const client = clients.get(process)
  if (client === undefined) throw new Error('not connected')
  await client.query('BEGIN')
  try {
    const result = await client.query(statement)
    return result.rowCount ?? 0
  } finally {
    await client.query('ROLLBACK')
  }
}

const trailRow = (columns = '', values = '') =>
  `INSERT INTO audit_event (${columns}id, action, at, actor_kind, target_kind, observer, destination, outcome)
   VALUES (${values}gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`
const newPerson = `INSERT INTO user_account (id, issuer, subject, handle, name, email) VALUES (gen_random_uuid(), 'x', 'x', 'x', 'x', 'x')`
const newSession = `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), 'x', '${id.person}', now() + interval '1 hour')`
const newGrant = `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES (gen_random_uuid(), '${id.space}', '${id.person}', 'admin', now())`
const newCredential = `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES (gen_random_uuid(), '${id.person}', 'x', now() + interval '1 hour')`
const newSpace = `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id)
  SELECT gen_random_uuid(), cluster_id, 'r-new', 'r-new', 'x', 'S', owner_id FROM space WHERE id = '${id.space}'`
const newDeclared = `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, declared_namespace)
  SELECT gen_random_uuid(), cluster_id, 'r-new', 'r-new', 'x', 'S', owner_id, 'team' FROM space WHERE id = '${id.space}'`
const newDeclaredGrant = `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES (gen_random_uuid(), '${id.declared}', '${id.person}', 'admin', now())`
const newApproval = `INSERT INTO request_approval (request_id, payload_hash, approver_id, approved_at)
  VALUES ('${more.request}', 'x', '${id.person}', now())`
const newRequest = `INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, expires_at)
  SELECT gen_random_uuid(), 'space', owner_id, cluster_id, '{}', 'x', 'x', now() FROM space WHERE id = '${id.space}'`
const requestOf = (kind: string, columns: string, values: string) =>
  `INSERT INTO request (id, kind, requester_id, cluster_id, payload_hash, reason, expires_at, ${columns})
  SELECT gen_random_uuid(), '${kind}', owner_id, cluster_id, 'x', 'x', now(), ${values} FROM space WHERE id = '${id.space}'`
const newEvent = `INSERT INTO inbox_event (id, user_id, kind, data, created_at) VALUES (gen_random_uuid(), '${id.person}', 'sessions-ended', '{}', now())`
const newOffer = `INSERT INTO space_offer (id, space_id, from_id, to_id, by_id, created_at, expires_at)
  VALUES (gen_random_uuid(), '${id.space}', '${id.person}', gen_random_uuid(), '${id.person}', now(), now())`
const newOffboarding = `INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended) VALUES (gen_random_uuid(), '${id.person}', '${id.person}', 'x', now(), '{}')`
const newWebhook = `INSERT INTO webhook (user_id, format, host, encrypted_url, encrypted_secret, choices, created_at)
  VALUES ('${id.person}', 'slack', 'x', 'x', 'x', '{}', now())`
const newFilter = `INSERT INTO saved_filter (id, person_id, list, name, query, created_at) VALUES (gen_random_uuid(), '${id.person}', 'trail', 'x', '{}', now())`
const newPolicy = `INSERT INTO policy_version (number, rules, reason, author_id, created_at) VALUES (1, '{}', 'x', '${id.person}', now())`
const newMember = `INSERT INTO scim_group_member (group_id, user_id) VALUES ('${more.pushed}', '${id.person}')`
const newToken = (by: string) => `INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id)
  VALUES (gen_random_uuid(), 'x', 2, 'new', now(), ${by})`
const newMaker = `INSERT INTO scim_token_maker (token_id, user_id) VALUES ('${more.token}', '${id.person}')`
const readMakers = `SELECT user_id FROM scim_token_maker WHERE token_id = '${more.token}'`
const newUse = `INSERT INTO space_use (space_id, user_id, last_used_at) VALUES ('${id.space}', '${id.person}', now())`
const newCredentialUse = `INSERT INTO credential_use (credential_id, last_used_at, address, client) VALUES ('${more.credential}', now(), 'x', 'x')
  ON CONFLICT (credential_id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at`
const newCode = `INSERT INTO break_glass_code (id, code_hash, created_at) VALUES (gen_random_uuid(), 'x', now())`
const newSample = `INSERT INTO usage_sample (at, space_id, used, hard) VALUES (now(), '${id.space}', '{1}', '{2}')`
const enqueue = `SELECT enqueue_reconcile('${id.space}', 0)`
const retry = `SELECT retry_reconcile('${id.space}', 60, 3)`

const newReview = (columns = '', values = '') =>
  `INSERT INTO review (id, name, scope, undecided, created_at, due_at${columns}) VALUES (gen_random_uuid(), 'n', '{}', 'keep', now(), now()${values})`
const newReviewLine = `INSERT INTO review_line (id, review_id, kind, state, cluster, space_name, holder, holder_name, role)
  VALUES (gen_random_uuid(), '${more.review}', 'grant', 'open', 'default', 'x', 'x', 'x', 'viewer')`
const newReportPiece = `INSERT INTO review_report (review_id, number, text) VALUES ('${more.review}', 0, 'x')`

const month = `audit_event_${new Date().toISOString().slice(0, 7).replace('-', '')}`
const seal = 'SELECT seal_trail(10)'
const index = 'SELECT index_trail(10)'
const newCheckpoint = `INSERT INTO audit_checkpoint (block, hash, rows, made_at, key_id, statement, signature) VALUES (1, 'x', 1, now(), 'x', 'x', 'x')`
const takeAudit = `SELECT take_cluster_audit((SELECT id FROM cluster WHERE name = 'default'), '[]')`
const newAuditToken = `INSERT INTO cluster_audit_token (id, cluster_id, token_hash, created_at) SELECT gen_random_uuid(), id, 'x', now() FROM cluster WHERE name = 'default'`
const newIntake = `INSERT INTO cluster_audit_intake (cluster_id, received_at) SELECT id, now() FROM cluster WHERE name = 'default'`
const newReading = `INSERT INTO cluster_reading (cluster_id, version) SELECT id, 'x' FROM cluster WHERE name = 'default'`
const newCounted = `INSERT INTO cluster_audit_counted (cluster_id, minute, key, count, "row") SELECT id, now(), 'x', 1, '{}' FROM cluster WHERE name = 'default'`
const newDirectAccess = `INSERT INTO direct_access (space_id, user_name, credential, credential_id, first_seen_at, last_seen_at, last_address, last_request)
  VALUES ('${id.space}', 'x', 'other', '', now(), now(), '', '')`
const newNamed = `INSERT INTO named_address (hash, user_id) VALUES ('x', '${id.person}')`
const newKey = `INSERT INTO audit_key (key_id, public_key) VALUES ('x', 'x')`

const newExport = (columns = '', values = '') =>
  `INSERT INTO trail_export (id, person_id, format, filter, created_at${columns}) VALUES (gen_random_uuid(), '${id.person}', 'csv', '{}', now()${values})`
const newExportPart = `INSERT INTO trail_export_part (export_id, number, start, bytes) SELECT id, 0, 0, 'x' FROM trail_export`

type Attempts = Readonly<Record<string, string>>

const refusedToAll: Attempts = {
  'change the trail': `UPDATE audit_event SET action = 'x'`,
  'delete from the trail': 'DELETE FROM audit_event',
  'change the usage of a space': `UPDATE usage_sample SET used = '{0}'`,
  'empty the trail': 'TRUNCATE audit_event',
  'choose the sequence number of a trail row': trailRow('seq, ', '1, '),
  'reset the trail’s sequence': `SELECT setval('audit_event_seq_seq', 1)`,
  'disable the triggers that protect the trail': 'ALTER TABLE audit_event DISABLE TRIGGER ALL',
  'set when a row of the trail was recorded': trailRow('recorded_at, ', 'now(), '),
  'set the salt of a row of the trail': trailRow('salt, ', 'gen_random_uuid(), '),
  'mark a row of the trail as pseudonymised': trailRow('personal_hash, ', `'x', `),
  'mark a row of the trail as reported by a cluster': trailRow('route, ', `'gateway', `),
  'replace personal data in the trail': 'UPDATE audit_event SET actor_name = NULL, salt = NULL',
  'write past the trail’s parent table': `INSERT INTO ${month} SELECT * FROM audit_event LIMIT 0`,
  'read one month of the trail directly': `SELECT id FROM ${month}`,
  'detach a month from the trail': `ALTER TABLE audit_event DETACH PARTITION ${month}`,
  'keep rows from being sealed': 'DELETE FROM audit_unsealed',
  'seal rows that were never added': 'INSERT INTO audit_unsealed VALUES (1)',
  'append a block to the trail’s chain': `INSERT INTO audit_block (number, month, previous, hash, sealed_at, rows, seqs, row_hashes) VALUES (1, 0, 'x', 'x', now(), 1, '{1}', 'x')`,
  'change the trail’s chain': `UPDATE audit_block SET hash = 'x'`,
  'delete from the trail’s chain': 'DELETE FROM audit_block',
  'change a checkpoint': `UPDATE audit_checkpoint SET statement = 'x'`,
  'remove checkpoints': 'DELETE FROM audit_checkpoint',
  'replace the key of checkpoints': `UPDATE audit_key SET public_key = 'x'`,
  'delete a key of checkpoints': 'DELETE FROM audit_key',
  'hide rows of the trail from searches': 'DELETE FROM audit_words',
  'change the words of rows of the trail': `UPDATE audit_words SET words = 'x'`,
  'set the progress of the trail’s index': 'UPDATE audit_words_state SET next_seq = 0',
  'keep the trail’s words from being corrected': 'DELETE FROM audit_words_again',
  'index one chunk of the trail': 'SELECT index_trail_chunk(1)',
  'create a token for a cluster’s audit': newAuditToken,
  'restore a revoked token for a cluster’s audit': 'UPDATE cluster_audit_token SET revoked_at = NULL',
  'replace the function that records clusters’ audit':
    'ALTER FUNCTION take_cluster_audit(uuid, jsonb) SET search_path = pg_temp',
  'replace the function that seals': 'ALTER FUNCTION seal_trail(int) SET search_path = pg_temp',
  'become the owner of the trail': 'SET ROLE spaceport_trail_owner',
  'become an auditor': 'SET ROLE spaceport_auditor',
  'become the owner': 'SET ROLE spaceport_owner',
  'become the owner of the queue': 'SET ROLE spaceport_queue_owner',
  'change the function that queues a reconcile': `ALTER FUNCTION enqueue_reconcile SET search_path = pg_temp`,
  'replace the function that adds a job':
    'CREATE OR REPLACE FUNCTION graphile_worker.add_job() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'create a function in the queue’s schema':
    'CREATE FUNCTION graphile_worker.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'create a table in the queue’s schema': 'CREATE TABLE graphile_worker.mine ()',
  'replace a view of the queue': 'DROP VIEW graphile_worker.jobs',
  'replace the queue’s migrations with a view': 'ALTER TABLE graphile_worker.migrations RENAME TO moved',
  'forge the queue’s migrations': 'UPDATE graphile_worker.migrations SET id = id + 1000',
  'create a trigger on the queue':
    'CREATE TRIGGER mine BEFORE INSERT ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  'create a table': 'CREATE TABLE mine ()',
  'take a turn': `SELECT take_turn('policy', true)`,
  'lock a turn': 'LOCK TABLE turn.policy IN ROW SHARE MODE',
  'end any session of the database': 'SET ROLE spaceport_unblocker',
  'delete a space': 'DELETE FROM space',
  'delete a credential': 'DELETE FROM credential',
  'delete a person': 'DELETE FROM user_account',
}

const refused: Record<ProcessName, Attempts> = {
  web: {
    ...refusedToAll,
    'report events of a cluster’s audit': takeAudit,
    'record that a cluster’s audit arrived': newIntake,
    'forge direct access to a cluster': newDirectAccess,
    'forge the usage of a space': newSample,
    'delete the usage of a space': 'DELETE FROM usage_sample',
    'count a cluster’s audit events': newCounted,
    'read the counts of a cluster’s audit': 'SELECT * FROM cluster_audit_counted',
    'read the hashes of tokens for clusters’ audit': 'SELECT token_hash FROM cluster_audit_token',
    'seal the trail': seal,
    'index the words of the trail': index,
    'create months of the trail': 'SELECT make_trail_partitions()',
    'add a checkpoint': newCheckpoint,
    'add a key of checkpoints': newKey,
    'create a break-glass code': newCode,
    'choose a break-glass code': `UPDATE break_glass_code SET code_hash = 'x'`,
    'delete a break-glass code': 'DELETE FROM break_glass_code',
    'change a provisioning token': `UPDATE scim_token SET token_hash = 'y'`,
    'delete a provisioning token': 'DELETE FROM scim_token',
    'create a provisioning token without a maker': newToken('NULL'),
    'change the end of a provisioning token': `UPDATE scim_token SET expires_at = now() + interval '10 years'`,
    'forget who made a provisioning token': 'DELETE FROM scim_token_maker',
    'name another person as the maker of a provisioning token': `UPDATE scim_token_maker SET user_id = '${id.person}'`,
    'change a request for a provisioning token': `UPDATE scim_token_request SET expires_at = now()`,
    'change why provisioning was frozen': `UPDATE provisioning_freeze SET reason = 'x'`,
    'give an address’s platform role to another account': `UPDATE named_address SET user_id = '${id.person}'`,
    'forget which account an address belongs to': 'DELETE FROM named_address',
    'change an approval': 'UPDATE request_approval SET minutes = NULL',
    'remove an approval': 'DELETE FROM request_approval',
    'complete a certificate': `UPDATE offboarding SET completed_at = now(), certificate = 'x', certificate_hash = 'x'`,
    'add a certificate that is already complete': newOffboarding
      .replace('ended)', 'ended, completed_at, certificate, certificate_hash)')
      .replace(`'{}')`, `'{}', now(), 'x', 'x')`),
    'set a cluster’s answer': 'UPDATE offboarding_cluster SET finished_at = now()',
    'delete an offboarding': 'DELETE FROM offboarding',
    'change a version of the policy': `UPDATE policy_version SET rules = '{}'`,
    'remove a version of the policy': 'DELETE FROM policy_version',
    'set what a person could access when a review started': newReviewLine,
    'change who reviews something': 'UPDATE review_line SET reviewer_id = NULL',
    'delete a line of a review': 'DELETE FROM review_line',
    'write the report of a review': newReportPiece,
    'close a review with its own report': `UPDATE review SET state = 'closed', report_hash = 'x', closed_at = now()`,
    'become the worker': 'SET ROLE spaceport_worker',
    'delay a reconcile': retry,
    'queue any job': `SELECT graphile_worker.add_job('anything')`,
    'read the queue': 'SELECT * FROM graphile_worker.jobs',
    'change a person’s event': `UPDATE inbox_event SET data = '{}'`,
    'suppress notifications about what ends': 'UPDATE ending_digest SET done = true',
    'mark a webhook message as sent': `UPDATE webhook_delivery SET state = 'sent'`,
    'write the contents of an export of the trail': newExportPart,
    'mark an export of the trail as finished': newExport(', state', `, 'done'`),
    'change the filter of an export of the trail': `UPDATE trail_export SET filter = '{}'`,
    'change a saved filter': `UPDATE saved_filter SET query = '{}'`,
    'give a person’s saved filter to another': `UPDATE saved_filter SET person_id = '${id.person}'`,
    'mark the trail as delivered': 'UPDATE trail_delivery SET block = 1',
    'rename a cluster': `UPDATE cluster SET name = 'x'`,
    'forge a use of a space': newUse,
    'declare a cluster’s admission policies correct': `UPDATE cluster SET fence_faults = '[]'`,
    'set the readings of a cluster': newReading,
  },
  worker: {
    ...refusedToAll,
    'set which token granted a membership': 'UPDATE scim_group_member SET stated_by_id = NULL',
    'set which token named a group': 'UPDATE scim_group SET named_by_id = NULL',
    'forge a use of a provisioning token': 'UPDATE scim_token SET last_used_at = now()',
    'set since when a key of checkpoints is used': newKey
      .replace('public_key)', 'public_key, first_used_at)')
      .replace(`'x')`, `'x', now())`),
    'use a break-glass code': 'UPDATE break_glass_code SET used_at = now() WHERE false',
    'start a review in another person’s name': newReview(', by_id', `, '${id.person}'`),
    'decide in a review in another person’s name': `UPDATE review_line SET decided_by_id = '${id.person}'`,
    'add a line that is already decided': newReviewLine
      .replace('role)', 'role, decided_by_id)')
      .replace(`'viewer')`, `'viewer', '${id.person}')`),
    'change the scope of a review': `UPDATE review SET scope = '{}'`,
    'change a report': `UPDATE review_report SET text = 'x'`,
    'turn reviews off': 'UPDATE review_schedule SET months = NULL',
    'read provisioning tokens': 'SELECT id FROM scim_token',
    'set which account an address belongs to': newNamed,
    'read which account an address belongs to': 'SELECT user_id FROM named_address',
    'become a maker of a provisioning token': newMaker,
    'unfreeze provisioning': 'UPDATE provisioning_freeze SET ended_at = now()',
    'read provisioned people': 'SELECT user_id FROM scim_user',
    'push a person into a group': newMember,
    'push a group': `UPDATE scim_group SET display_name = 'x'`,
    'offboard somebody': newOffboarding,
    'join an offboarding to another one': 'UPDATE offboarding SET act_id = id',
    'change who offboarded a person': 'UPDATE offboarding SET by_id = person_id',
    'change the policy': newPolicy,
    'block everyone from deciding by the policy': 'SELECT hold_policy(true)',
    'keep groups from being pushed': 'SELECT hold_pushed_groups(true)',
    'block provisioning': `SELECT hold_provisioning('${more.token}')`,
    'end others’ sessions of the database': `SELECT end_blockers(1, true, '{}')`,
    'remove a version of the policy': 'DELETE FROM policy_version',
    'extend how long a person’s groups count': 'UPDATE user_account SET groups_verified_at = now()',
    'mark a provider as unavailable': 'UPDATE identity_provider SET failures = 5',
    'invent a provider': `INSERT INTO identity_provider (issuer, asked_at, failures) VALUES ('https://x', now(), 0)`,
    'request an export of the trail in another person’s name': newExport(),
    'give a person’s export of the trail to another': `UPDATE trail_export SET person_id = '${id.person}'`,
    'read the files of exports of the trail': 'SELECT bytes FROM trail_export_part',
    'become the portal': 'SET ROLE spaceport_web',
    'replace the function that adds a job, as the role that uses the queue':
      'SET LOCAL ROLE spaceport_queue; CREATE OR REPLACE FUNCTION graphile_worker.add_job() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'create a schema, as the role that uses the queue': 'SET LOCAL ROLE spaceport_queue; CREATE SCHEMA mine',
    'read sessions': 'SELECT id FROM session',
    'create a session': newSession,
    'end sessions': 'DELETE FROM session',
    'create a person': newPerson,
    'make a person an admin': `UPDATE user_account SET platform_role = 'admin'`,
    'activate a person’s role': `UPDATE user_account SET admin_until = now() + interval '1 hour'`,
    'change a person’s identity at the provider': `UPDATE user_account SET subject = 'x', subject_claim = 'x', oidc_sub = 'x'`,
    'read the break-glass codes': 'SELECT code_hash FROM break_glass_code',
    'create a break-glass code': newCode,
    'reactivate somebody': 'UPDATE user_account SET deactivated_at = NULL',
    'deactivate somebody': 'UPDATE user_account SET deactivated_at = now()',
    'add a person to a group': `INSERT INTO user_group (user_id, "group") VALUES ('${id.person}', 'admins')`,
    'create a credential': newCredential,
    'read the hashes of credentials': 'SELECT token_hash FROM credential',
    'take over a credential': `UPDATE credential SET token_hash = 'x'`,
    'extend a credential': `UPDATE credential SET ends_at = now() + interval '1 year'`,
    'create a grant': newGrant,
    'raise a grant': `UPDATE space_grant SET role = 'admin'`,
    'extend a grant': 'UPDATE space_grant SET ends_at = NULL',
    'start a scheduled grant early': 'UPDATE space_grant SET starts_at = now()',
    'forge a use of a space': newUse,
    'create a space': newSpace,
    'give a space away': `UPDATE space SET owner_id = '${id.person}'`,
    'mark a space as declared': `UPDATE space SET declared_namespace = 'team' WHERE id = '${id.space}'`,
    'change which namespace declares a space': `UPDATE space SET declared_namespace = 'mine' WHERE id = '${id.declared}'`,
    'give a declared space away': `UPDATE space SET owner_id = owner_id WHERE id = '${id.declared}'`,
    'create a space that is already ready': newDeclared
      .replace('size,', 'status, size,')
      .replace(`'S'`, `'ready', 'S'`),
    'rewrite a space’s description': `UPDATE space SET description = 'x' WHERE id = '${id.space}'`,
    'set who removed a role': `UPDATE space_grant SET removed_by_id = '${id.person}' WHERE id = '${id.grant}'`,
    'give a role as if it had been requested': newDeclaredGrant
      .replace('starts_at)', 'starts_at, request_id)')
      .replace('now())', `now(), '${more.request}')`),
    'request a role in another person’s name': requestOf('role', 'space_id, payload', `'${id.declared}', '{}'`),
    'request more in a space that isn’t declared': requestOf('size', 'space_id, payload', `'${id.space}', '{}'`),
    'adopt a namespace by name': `UPDATE space SET namespace = 'kube-system'`,
    'enlarge a space': `UPDATE space SET size = 'L'`,
    'create a request': newRequest,
    'approve a request': newApproval,
    'change what was requested': `UPDATE request SET payload = '{}'`,
    'decide in another person’s name': 'UPDATE request SET decider_id = requester_id',
    'read the rate limits': 'SELECT * FROM rate_limit',
    'rename a cluster': `UPDATE cluster SET name = 'x'`,
    'redirect a person’s events': `UPDATE webhook SET encrypted_url = 'x'`,
    'choose the secret of a webhook': `UPDATE webhook SET encrypted_secret = 'x'`,
    'revoke a provisioning token': `UPDATE scim_token SET revoked_at = now() WHERE id = '${more.token}'`,
    'read saved filters': 'SELECT query FROM saved_filter',
    'save a filter in another person’s name': newFilter,
    'set up a webhook': newWebhook,
    'remove a webhook': 'DELETE FROM webhook',
    'mark an event as read': 'UPDATE inbox_event SET read_at = now()',
    'change a person’s event': `UPDATE inbox_event SET data = '{}'`,
    'offer a space': newOffer,
    'offer a space to another person': `UPDATE space_offer SET to_id = '${id.person}'`,
  },
  gateway: {
    ...refusedToAll,
    'suspend a pushed group': 'UPDATE scim_group SET suspended_at = now()',
    'forge a use of a provisioning token': 'UPDATE scim_token SET last_used_at = now()',
    'report events of a cluster’s audit': takeAudit,
    'record that a cluster’s audit arrived': newIntake,
    'forge direct access to a cluster': newDirectAccess,
    'count a cluster’s audit events': newCounted,
    'read the counts of a cluster’s audit': 'SELECT * FROM cluster_audit_counted',
    'read the hashes of tokens for clusters’ audit': 'SELECT token_hash FROM cluster_audit_token',
    'read direct access to a cluster': 'SELECT * FROM direct_access',
    'seal the trail': seal,
    'index the words of the trail': index,
    'create months of the trail': 'SELECT make_trail_partitions()',
    'add a checkpoint': newCheckpoint,
    'add a key of checkpoints': newKey,
    'read the trail’s chain': 'SELECT hash FROM audit_block',
    'read the words of the trail': 'SELECT words FROM audit_words',
    'read provisioning tokens': 'SELECT id FROM scim_token',
    'set which account an address belongs to': newNamed,
    'read which account an address belongs to': 'SELECT user_id FROM named_address',
    'become a maker of a provisioning token': newMaker,
    'unfreeze provisioning': 'UPDATE provisioning_freeze SET ended_at = now()',
    'read provisioned people': 'SELECT user_id FROM scim_user',
    'push a person into a group': newMember,
    'delete a pushed group': 'DELETE FROM scim_group',
    'change the policy': newPolicy,
    'approve a request': newApproval,
    'read the break-glass codes': 'SELECT id FROM break_glass_code',
    'create a break-glass code': newCode,
    'activate a person’s role': `UPDATE user_account SET admin_until = now()`,
    'read exports of the trail': 'SELECT id FROM trail_export',
    'mark the trail as delivered': 'UPDATE trail_delivery SET block = 1',
    'read offboardings': 'SELECT id FROM offboarding',
    'read reviews': 'SELECT id FROM review_line',
    'have a cluster checked again for a departed user': 'UPDATE offboarding_cluster SET next_at = now()',
    'block everyone from deciding by the policy': 'SELECT hold_policy(true)',
    'share the turn of the policy': 'SELECT hold_policy(false)',
    'change a credential': `UPDATE credential SET name = 'x' WHERE id = '${more.credential}'`,
    'hold a credential': `SELECT id FROM credential FOR UPDATE`,
    'hold a person': `SELECT id FROM user_account FOR UPDATE`,
    'hold a role in a space': `SELECT id FROM space_grant FOR UPDATE`,
    'keep groups from being pushed': 'SELECT hold_pushed_groups(true)',
    'keep people from being deactivated': 'SELECT hold_unseen()',
    'end others’ sessions of the database': `SELECT end_blockers(1, true, '{}')`,
    'mark a provider as unavailable': 'UPDATE identity_provider SET failures = 5',
    'invent a provider': `INSERT INTO identity_provider (issuer, asked_at, failures) VALUES ('https://x', now(), 0)`,
    'become the portal': 'SET ROLE spaceport_web',
    'become the worker': 'SET ROLE spaceport_worker',
    'read sessions': 'SELECT id FROM session',
    'create a session': newSession,
    'create a person': newPerson,
    'rename a person': `UPDATE user_account SET handle = 'x'`,
    'reactivate somebody': 'UPDATE user_account SET deactivated_at = NULL',
    'read a person’s identity at the provider': 'SELECT subject FROM user_account',
    'read which claim identifies a person': 'SELECT oidc_sub, subject_claim FROM user_account',
    'change a person’s identity at the provider': `UPDATE user_account SET oidc_sub = 'x'`,
    'add a person to a group': `INSERT INTO user_group (user_id, "group") VALUES ('${id.person}', 'admins')`,
    'offer a space': newOffer,
    'read offers': 'SELECT id FROM space_offer',
    'create a credential': newCredential,
    'take over a credential': `UPDATE credential SET token_hash = 'x'`,
    'give a credential to a person': `UPDATE credential SET user_id = '${id.person}'`,
    'extend a credential': `UPDATE credential SET ends_at = now() + interval '1 year'`,
    'undo a revocation': 'UPDATE credential SET revoked_at = NULL',
    'create a grant': newGrant,
    'raise a grant': `UPDATE space_grant SET role = 'admin'`,
    'create a space': newSpace,
    'give a space away': `UPDATE space SET owner_id = '${id.person}'`,
    'restore a space': `UPDATE space SET status = 'ready'`,
    'read the usage of spaces': 'SELECT used FROM usage_sample',
    'forge the usage of a space': newSample,
    'delete uses of spaces': 'DELETE FROM space_use',
    'attribute a use of a space to a person': `UPDATE space_use SET user_id = '${id.person}'`,
    'read requests': 'SELECT id FROM request',
    'create a request': newRequest,
    'read people’s events': 'SELECT * FROM inbox_event',
    'notify a person': newEvent,
    'record that a person was warned': `UPDATE user_account SET unseen_warned_at = now() WHERE id = '${id.person}'`,
    'see when a person used a session': `SELECT last_seen_at FROM session WHERE user_id = '${id.person}'`,
    'suppress notifications about what ends': 'UPDATE ending_digest SET done = true',
    'read saved filters': 'SELECT query FROM saved_filter',
    'save a filter in another person’s name': newFilter,
    'read people’s webhooks': 'SELECT host FROM webhook',
    'redirect a person’s events': `UPDATE webhook SET encrypted_url = 'x'`,
    'read the trail': 'SELECT reason FROM audit_event',
    'read the rate limits': 'SELECT * FROM rate_limit',
    'declare a cluster’s admission policies correct': `UPDATE cluster SET fence_faults = '[]'`,
    'read the readings of clusters': 'SELECT * FROM cluster_reading',
    'set the readings of a cluster': newReading,
    'create a cluster': `INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'x')`,
    'create a declared space': newDeclared,
    'give a role in a declared space': newDeclaredGrant,
    'change a role in a declared space': `UPDATE space_grant SET role = 'editor', ends_at = now() WHERE id = '${id.declaredGrant}'`,
    'change a declared space': `UPDATE space SET description = 'x', size = 'M', declared_generation = 2 WHERE id = '${id.declared}'`,
    'release a declared space': `UPDATE space SET declared_namespace = NULL WHERE id = '${id.declared}'`,
    'request a declared space': requestOf('space', 'payload', `'{"declaredIn": "team"}'`),
    'request more in a declared space': requestOf('size', 'space_id, payload', `'${id.declared}', '{}'`),
    'queue a reconcile': enqueue,
    'delay a reconcile': retry,
    'queue any job': `SELECT graphile_worker.add_job('anything')`,
    'read the queue': 'SELECT * FROM graphile_worker.jobs',
  },
}

const allowed: Record<ProcessName, Attempts> = {
  web: {
    'set which account an address belongs to': newNamed,
    'start a review': newReview(),
    'decide in a review': `UPDATE review_line SET state = 'kept', decided_by_id = '${id.person}' WHERE review_id = '${more.review}'`,
    'offboard somebody': newOffboarding,
    'record that a person is back': `UPDATE offboarding SET reactivated_at = now() WHERE id = '${more.offboarding}'`,
    'push a person into a group': newMember,
    'revoke a provisioning token': `UPDATE scim_token SET revoked_at = now() WHERE id = '${more.token}'`,
    'create a provisioning token': newToken(`'${id.person}'`),
    'let another admin take a provisioning token over': `UPDATE scim_token_maker SET responsible = false WHERE token_id = '${more.token}'`,
    'freeze provisioning': `INSERT INTO provisioning_freeze (id, reason, frozen_at, frozen_by_id) VALUES (gen_random_uuid(), 'x', now(), '${id.person}')`,
    'save a filter': newFilter,
    'set up a webhook': newWebhook,
    'add a version of the policy': newPolicy,
    'decide by the newest version of the policy':
      'SELECT 1 FROM (SELECT 1) AS one LEFT JOIN hold_policy(false) p ON true',
    'add to the trail': trailRow(),
    'read the trail': 'SELECT reason FROM audit_event LIMIT 1',
    'create a person': newPerson,
    'create a session': newSession,
    'end a session': `DELETE FROM session WHERE id = '${id.session}'`,
    'create a grant': newGrant,
    'create a credential': newCredential,
    'revoke a credential': `UPDATE credential SET revoked_at = now() WHERE id = '${more.credential}'`,
    'create a space': newSpace,
    'create a request': newRequest,
    'notify a person': newEvent,
    'keep groups from being pushed': 'SELECT hold_pushed_groups(true)',
    'run provisioning in turn': `SELECT hold_provisioning('${more.token}')`,
    'end sessions that block a revocation': `SELECT ended FROM end_blockers(pg_backend_pid(), true, '{}')`,
    'queue a reconcile': enqueue,
    'read the length of the queue': 'SELECT queue_length()',
    'read the readings of clusters': 'SELECT count(*) FROM cluster_reading',
    'read the usage of spaces': 'SELECT count(used) FROM usage_sample',
    'remove a person from a group': `DELETE FROM user_group WHERE user_id = '${id.person}'`,
  },
  worker: {
    'suspend a pushed group': `UPDATE scim_group SET suspended_at = now() WHERE id = '${more.pushed}'`,
    'read when provisioning tokens were last used': 'SELECT max(last_used_at) FROM scim_token',
    'read who made provisioning tokens': readMakers,
    'report events of a cluster’s audit': takeAudit,
    'record that a cluster’s audit arrived': newIntake,
    'record direct access to a cluster': newDirectAccess,
    'sample the usage of a space': `${newSample} ON CONFLICT (at, space_id) DO NOTHING`,
    'count a cluster’s audit events': newCounted,
    'record that people were notified about a cluster’s report': newIntake.replace(
      /received_at\) SELECT id, now\(\)/,
      'received_at, alarmed_seq, alarmed_at) SELECT id, now(), 1, now()',
    ),
    'seal the trail': seal,
    'index the words of the trail': index,
    'create months of the trail': 'SELECT make_trail_partitions()',
    'add a checkpoint': newCheckpoint,
    'add a key of checkpoints': newKey,
    'start a review by the schedule': newReview(),
    'set what a person could access when a review started': newReviewLine,
    'write the report of a review': newReportPiece,
    'complete a certificate': `UPDATE offboarding SET completed_at = now(), certificate = 'x', certificate_hash = 'x' WHERE id = '${more.offboarding}'`,
    'notify a person': newEvent,
    'record the progress of the digest of what ends': 'UPDATE ending_digest SET done = true',
    'add to the trail': trailRow(),
    'end a grant': `UPDATE space_grant SET removed_at = now() WHERE id = '${id.grant}'`,
    'record that a scheduled grant has started': `UPDATE space_grant SET awaits_start = false WHERE id = '${id.grant}'`,
    'start a deletion': `UPDATE space SET status = 'deleting', generation = generation + 1 WHERE id = '${id.space}'`,
    'let a request expire': `UPDATE request SET state = 'expired', decided_at = now() WHERE id = '${more.request}'`,
    'revoke a credential': `UPDATE credential SET revoked_at = now() WHERE id = '${more.credential}'`,
    'queue a reconcile': enqueue,
    'delay a reconcile': retry,
    'queue any job': `SELECT graphile_worker.add_job('anything')`,
    'read the queue': 'SELECT count(*) FROM graphile_worker.jobs',
    'declare a cluster’s admission policies correct': `UPDATE cluster SET fence_faults = '[]' WHERE name = 'default'`,
    'set the readings of a cluster': `${newReading} ON CONFLICT (cluster_id) DO UPDATE SET version = 'x'`,
    'save the rights it found on a cluster': `UPDATE cluster SET rights_findings = '[]' WHERE name = 'default'`,
  },
  gateway: {
    'read when provisioning tokens were last used': 'SELECT max(last_used_at) FROM scim_token',
    'read who made provisioning tokens': readMakers,
    'add to the trail': trailRow(),
    'check whether the trail has a row': 'SELECT id, intent_id, seq FROM audit_event LIMIT 1',
    'look up a credential': `SELECT token_hash, ends_at, revoked_at FROM credential WHERE id = '${more.credential}'`,
    'record a use': newCredentialUse,
    'record a use of a space': newUse,
    'read its owner': `SELECT handle, name, email, deactivated_at FROM user_account WHERE id = '${id.person}'`,
    'read pushed groups': `SELECT g.display_name FROM scim_group g LEFT JOIN scim_group_member m ON m.group_id = g.id WHERE g.id = '${more.pushed}'`,
    'read their grants': `SELECT * FROM space_grant WHERE id = '${id.grant}'`,
    'read how long groups count, and whether providers are unavailable':
      'SELECT count(failures) FROM identity_provider LEFT JOIN (SELECT rules FROM policy_version ORDER BY number DESC LIMIT 1) p ON true',
    'read their groups and the groups’ provider': `SELECT g.*, u.issuer FROM user_group g JOIN user_account u ON u.id = g.user_id WHERE u.id = '${id.person}'`,
  },
}

const processes = ['web', 'worker', 'gateway'] as const
const cases = (attempts: Record<ProcessName, Attempts>) =>
  processes.flatMap((process) =>
    Object.entries(attempts[process]).map(([what, statement]) => [process, what, statement] as const),
  )

test('the login of web can’t close a review, because the report closes it', async () => {
  await expect(attempt('web', `UPDATE review SET state = 'closed'`)).rejects.toThrow(/review_closed_whole/)
})

test.each([
  ['web', `UPDATE review_line SET reason = 'x', decided_by_id = '${id.person}' WHERE review_id = '${more.closed}'`],
  ['worker', `UPDATE review_line SET reason = 'x' WHERE review_id = '${more.closed}'`],
  ['worker', newReviewLine.replace(more.review, more.closed)],
  ['worker', newReportPiece.replace(more.review, more.closed)],
] as const)('the login of %s can’t change a closed review: %s', async (process, statement) => {
  await expect(attempt(process, statement)).rejects.toThrow(/the review is closed/)
})

test.each(cases(refused))('the login of %s can’t %s', async (process, _what, statement) => {
  await expect(attempt(process, statement)).rejects.toThrow(/permission denied|must be owner/)
})

test.each(cases(allowed))('the login of %s can %s', async (process, _what, statement) => {
  expect(await attempt(process, statement)).toBe(1)
})

/** The only role that writes an action: the verifier and the operators’ commands rely on it. */
const writers: Readonly<Record<string, string>> = {
  'audit-webhook.make': 'spaceport_trail_owner',
  'audit-webhook.void': 'spaceport_trail_owner',
  'cluster.rebuild': 'spaceport_trail_owner',
  'cluster.unmatched': 'spaceport_trail_owner',
  'database.rebuild': 'spaceport_trail_owner',
  'offboarding.complete': 'spaceport_worker',
  'person.offboard': 'spaceport_web',
  'person.pseudonymise': 'spaceport_pseudonymiser',
  'person.pseudonymise-rows': 'spaceport_trail_owner',
  'person.reactivate': 'spaceport_web',
  'break-glass-code.create': 'spaceport_trail_owner',
  'break-glass-code.void': 'spaceport_trail_owner',
  'trail.archive': 'spaceport_trail_owner',
  'trail.verified': 'spaceport_worker',
}
const rowOf = (action: string) => trailRow().replace(`'space.create'`, `'${action}'`)

test('every action has the expected writers', async () => {
  const { rows } = (await clients
    .get('owner')
    ?.query(
      `SELECT action, trail_writer(action) AS writer FROM unnest($1::text[]) action WHERE trail_writer(action) IS NOT NULL ORDER BY 1`,
      [[...auditActions, ...gatewayActions, ...clusterActions]],
    )) ?? { rows: [] }
  expect(Object.fromEntries(rows.map(({ action, writer }) => [action, writer]))).toEqual(writers)
})

test.each(processes.flatMap((process) => Object.entries(writers).map(([action, writer]) => [process, action, writer])))(
  'the login of %s writes %s to the trail only as %s',
  async (process, action, writer) => {
    const written = attempt(process as ProcessName, rowOf(action ?? ''))
    if (writer === `spaceport_${process}`) expect(await written).toBe(1)
    else await expect(written).rejects.toThrow(/permission denied to write/)
  },
)

/** An action of web's with an id that is in the trail, and an outcome that names it. */
const act = '00000000-0000-4000-8000-00000000ac70'
const outcomeRow = (action: string, outcome = 'ok', of = act) =>
  `INSERT INTO audit_event (id, intent_id, action, at, actor_kind, target_kind, observer, destination, outcome)
   VALUES (gen_random_uuid(), '${of}', '${action}', clock_timestamp(), 'system', 'portal', 'test/test', 'portal', '${outcome}')`
const withAct = async (run: () => Promise<void>) => {
  const owner = clients.get('owner')
  const intent = rowOf('person.reactivate').replace('gen_random_uuid()', `'${act}'`)
  await owner?.query(intent.replace(', outcome', '').replace(`, 'ok'`, ''))
  try {
    await run()
  } finally {
    await owner?.query(`ALTER TABLE audit_event DISABLE TRIGGER USER`)
    await owner?.query(`DELETE FROM audit_event WHERE id = '${act}' OR intent_id = '${act}'`)
    await owner?.query(`DELETE FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.seq = u.seq)`)
    await owner?.query(`ALTER TABLE audit_event ENABLE TRIGGER USER`)
  }
}

test.each(processes.flatMap((process) => Object.entries(writers).map(([action, writer]) => [process, action, writer])))(
  'the login of %s writes an outcome of %s only as %s',
  async (process, action, writer) => {
    const written = attempt(process as ProcessName, outcomeRow(action ?? ''))
    if (writer === `spaceport_${process}`) expect(await written).toBe(1)
    else await expect(written).rejects.toThrow(/permission denied to write/)
  },
)

test('the login of the worker writes a missing outcome of web’s action, and only that it succeeded', () =>
  withAct(async () => {
    expect(await attempt('worker', outcomeRow('person.reactivate'))).toBe(1)
    for (const refused of [
      outcomeRow('person.reactivate', 'failed'),
      outcomeRow('person.reactivate', 'refused'),
      outcomeRow('person.offboard'),
      outcomeRow('person.reactivate', 'ok', '00000000-0000-4000-8000-00000000ac71'),
    ])
      await expect(attempt('worker', refused), refused).rejects.toThrow(/permission denied to write/)
    await expect(attempt('gateway', outcomeRow('person.reactivate'))).rejects.toThrow(/permission denied to write/)
    await clients.get('owner')?.query(outcomeRow('person.reactivate'))
    expect(await attempt('worker', outcomeRow('person.reactivate'))).toBe(0)
  }))

test.each(processes)('the login of %s is a member of no role that owns anything', async (process) => {
  const { rows } = (await clients.get(process)?.query(`
    SELECT kind, name FROM (
      SELECT 'table, view or sequence' AS kind, oid::regclass::text AS name, relowner AS owner FROM pg_class
      UNION ALL SELECT 'function', oid::regprocedure::text, proowner FROM pg_proc
      UNION ALL SELECT 'schema', nspname, nspowner FROM pg_namespace WHERE nspname !~ '^pg_temp'
      UNION ALL SELECT 'type', oid::regtype::text, typowner FROM pg_type
      UNION ALL SELECT 'database', datname, datdba FROM pg_database) AS owned
    WHERE pg_has_role(session_user, owner, 'MEMBER')`)) ?? { rows: undefined }
  expect(rows).toEqual([])
})

test('every SECURITY DEFINER function runs as a role that owns only the queue, the trail, the turns or the pseudonyms, with a search path that no one can extend', async () => {
  const { rows } = (await clients.get('owner')?.query(`
    SELECT proname AS name, proowner::regrole::text AS owner, proconfig AS settings FROM pg_proc
    WHERE prosecdef ORDER BY 1`)) ?? { rows: undefined }
  const settings = ['search_path=pg_catalog, pg_temp']
  // Only the owners of our tables can create anything in that schema.
  const inPublic = ['search_path=pg_catalog, public, pg_temp']
  const pseudonymiser = { owner: 'spaceport_pseudonymiser', settings: inPublic }
  expect(rows).toEqual([
    {
      name: 'archive_trail_month',
      owner: 'spaceport_trail_owner',
      settings: [...settings, 'lock_timeout=200ms'],
    },
    { name: 'begin_pseudonym', ...pseudonymiser },
    { name: 'drop_archived_months', owner: 'spaceport_trail_owner', settings: [...settings, 'lock_timeout=5s'] },
    { name: 'end_blockers', owner: 'spaceport_unblocker', settings },
    { name: 'enqueue_reconcile', owner: 'spaceport_queue_owner', settings },
    { name: 'finish_pseudonym', ...pseudonymiser },
    { name: 'forget_reconcile', owner: 'spaceport_queue_owner', settings },
    { name: 'hold_policy', owner: 'spaceport_turn_owner', settings },
    { name: 'hold_provisioning', owner: 'spaceport_turn_owner', settings },
    { name: 'hold_pushed_groups', owner: 'spaceport_turn_owner', settings },
    { name: 'hold_unseen', owner: 'spaceport_turn_owner', settings },
    { name: 'index_trail', owner: 'spaceport_trail_owner', settings },
    { name: 'make_trail_partitions', owner: 'spaceport_trail_owner', settings },
    { name: 'note_unsealed', owner: 'spaceport_trail_owner', settings },
    { name: 'note_words_again', owner: 'spaceport_trail_owner', settings },
    { name: 'pseudonym_columns', ...pseudonymiser },
    { name: 'pseudonym_tables', ...pseudonymiser },
    { name: 'pseudonymise_pages', ...pseudonymiser },
    { name: 'pseudonymise_trail', owner: 'spaceport_trail_owner', settings: inPublic },
    { name: 'queue_length', owner: 'spaceport_queue_owner', settings },
    { name: 'remove_own_rows', ...pseudonymiser },
    { name: 'rename_to_pseudonym', ...pseudonymiser },
    { name: 'retry_reconcile', owner: 'spaceport_queue_owner', settings },
    { name: 'seal_trail', owner: 'spaceport_trail_owner', settings },
    { name: 'take_cluster_audit', owner: 'spaceport_trail_owner', settings },
  ])
  const owned = await clients.get('owner')?.query(`
    SELECT DISTINCT relnamespace::regnamespace::text AS schema FROM pg_class
    WHERE relowner = 'spaceport_queue_owner'::regrole AND relnamespace <> 'pg_toast'::regnamespace`)
  expect(owned?.rows).toEqual([{ schema: 'graphile_worker' }])
  const ofTrail = await clients.get('owner')?.query(`
    SELECT DISTINCT regexp_replace(relname, '_(before|\\d{6})$', '') AS name FROM pg_class
    WHERE relowner = 'spaceport_trail_owner'::regrole AND relkind IN ('r', 'p', 'v', 'S') ORDER BY 1`)
  const ofPseudonymiser = await clients.get('owner')?.query(`
    SELECT relname AS name FROM pg_class WHERE relowner = 'spaceport_pseudonymiser'::regrole AND relkind IN ('r', 'p', 'v', 'S')`)
  expect(ofPseudonymiser?.rows).toEqual([{ name: 'pseudonym' }])
  const ofTurns = await clients.get('owner')?.query(`
    SELECT relowner::regrole::text AS owner, relnamespace::regnamespace::text AS schema, relname AS name FROM pg_class
    WHERE relowner IN ('spaceport_turn_owner'::regrole, 'spaceport_unblocker'::regrole) ORDER BY name`)
  const turns = ['policy', 'provisioning_1', 'provisioning_2', 'pushed_groups', 'unseen']
  expect(ofTurns?.rows).toEqual(turns.map((name) => ({ owner: 'spaceport_turn_owner', schema: 'turn', name })))
  expect(ofTrail?.rows.map(({ name }) => name)).toEqual([
    'audit_archive',
    'audit_block',
    'audit_checkpoint',
    'audit_event',
    'audit_event_seq_seq',
    'audit_key',
    'audit_retention',
    'audit_turn',
    'audit_unsealed',
    'audit_words',
    'audit_words_again',
    'audit_words_state',
  ])
})
