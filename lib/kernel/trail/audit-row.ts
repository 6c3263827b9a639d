import { randomUUID } from 'node:crypto'
import type { AuditEventInput } from './audit-event.ts'

const maxTextLength = 1_000
const maxDetailLength = 8_000

export const auditColumns = [
  'id',
  'intent_id',
  'action',
  'at',
  'actor_kind',
  'actor_id',
  'actor_handle',
  'actor_name',
  'target_kind',
  'target_id',
  'target_name',
  'space_id',
  'namespace',
  'observer',
  'source_address',
  'user_agent',
  'destination',
  'outcome',
  'reason',
  'detail',
  'request_id',
  'cluster_audit_id',
] as const

/** Their Postgres types, for one `unnest` per column. */
export const auditTypes = [
  'uuid',
  'uuid',
  'text',
  'timestamptz',
  'text',
  'uuid',
  'text',
  'text',
  'text',
  'text',
  'text',
  'uuid',
  'text',
  'text',
  'text',
  'text',
  'text',
  'audit_outcome',
  'text',
  'jsonb',
  'text',
  'text',
] as const

/**
 * Control characters (C0, DEL, C1, line and paragraph separators, bidirectional overrides), which never get into the
 * trail.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
/** @returns text with control characters replaced by U+FFFD */
export const withoutControls = (text: string): string => text.replace(control, '�')
/**
 * Credentials, JWTs or their beginnings, and anything after "Bearer". Anyone can send text, so no expression may read a
 * character twice.
 */
const secrets = [
  /\bsp[ast]_[A-Za-z0-9_-]{10,}/gi,
  /\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+){0,2}/g,
  /\bBearer\s+\S+/gi,
]
/** The rest is ignored: the stored text comes from this part. */
const maxScannedLength = 4 * maxTextLength

/**
 * @returns text as stored in the trail: bounded, without control characters and secrets. Half a surrogate pair becomes
 * U+FFFD: Postgres rejects it in JSON, and the row would be lost.
 */
export function cleanText(value: string): string {
  let text = value.slice(0, maxScannedLength)
  for (const secret of secrets) text = text.replace(secret, '[removed]')
  return withoutControls(text).slice(0, maxTextLength).toWellFormed()
}

const clean = (value: string | undefined): string | null => (value === undefined ? null : cleanText(value))

function cleanDetail(detail: AuditEventInput['detail']): string {
  const text = JSON.stringify(detail ?? {}, (_key, value: unknown) =>
    typeof value === 'string' ? cleanText(value) : value,
  )
  return text.length <= maxDetailLength ? text : JSON.stringify({ truncated: true })
}

export function auditValues(event: AuditEventInput): (string | Date | null)[] {
  const { actor, target } = event
  const user = actor.kind === 'user' ? actor : null
  const id = 'id' in actor ? actor.id : null
  return [
    event.id ?? randomUUID(),
    event.intentId ?? null,
    cleanText(event.action),
    event.at,
    actor.kind,
    id,
    clean(user?.handle),
    clean(actor.kind === 'anonymous' ? undefined : actor.name),
    cleanText(target.kind),
    clean(target.id),
    clean(target.name),
    event.spaceId ?? null,
    clean(event.namespace),
    cleanText(event.observer),
    clean(event.sourceAddress),
    clean(event.userAgent),
    cleanText(event.destination),
    event.outcome ?? null,
    clean(event.reason),
    cleanDetail(event.detail),
    clean(event.requestId),
    clean(event.clusterAuditId),
  ]
}
