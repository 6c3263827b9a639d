import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { AuditActor, AuditEventInput, AuditOutcome } from '#lib/kernel/trail/audit-event.ts'
import { auditColumns, auditValues, cleanText } from '#lib/kernel/trail/audit-row.ts'
import { isRefused, type KeptEvent } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { isDryRun } from './is-dry-run.ts'

/** One of Spaceport’s people. */
export type KnownPerson = { id: string; handle: string; name: string }

/** The input of take_cluster_audit (prisma/migrations), by the trail’s column names. */
export type ClusterRow = Record<string, string | null>

const maxReasonLength = 300

type RowContext = { cluster: string; spaceId: string | undefined; person: KnownPerson | undefined; kept: KeptEvent }

/** @returns the trail’s row for an event, cleaned and truncated like all rows */
export function renderRow(event: ClusterEvent, { cluster, spaceId, person, kept }: RowContext): ClusterRow {
  const { resource, impersonated, user } = event
  const { outcome, reason } = outcomeOf(event)
  const unproved = kept.proof === 'impossible'
  const byName: AuditActor = { kind: 'cluster', name: user }
  const input: AuditEventInput = {
    action: unproved ? 'cluster.unmatched' : `cluster.${kept.verb}`,
    at: new Date(event.at),
    actor: person && !unproved ? { kind: 'user', ...person } : byName,
    target: resource
      ? {
          kind: `${resource.resource}${resource.subresource && `/${resource.subresource}`}${resource.group && `.${resource.group}`}`,
          name: resource.name || undefined,
          id: resource.uid || undefined,
        }
      : { kind: 'path', name: event.uri.split('?', 1)[0] },
    spaceId,
    namespace: resource?.namespace || undefined,
    observer: `cluster/${cluster}`,
    sourceAddress: event.address || undefined,
    userAgent: event.userAgent || undefined,
    destination: clusterDestination(cluster),
    outcome,
    reason,
    clusterAuditId: event.auditId,
    detail: {
      verb: kept.verb,
      ...(event.code > 0 && { code: event.code }),
      user,
      ...(impersonated && { impersonated: impersonated.user }),
      ...(impersonated?.email && { email: impersonated.email }),
      ...(event.credential && { credential: event.credential }),
      ...(event.forwardedFor.length > 0 && { forwardedFor: event.forwardedFor }),
      ...(event.issued && { issued: event.issued }),
      ...(isDryRun(event) && { dryRun: true }),
      ...(event.reason && { why: event.reason.slice(0, maxReasonLength) }),
      ...(event.stage === 'Panic' && { panic: true }),
    },
  }
  const values = auditValues(input)
  const columns = auditColumns.map((column, i): [string, string | null] => {
    const value = values[i] ?? null
    return [column, value instanceof Date ? value.toISOString() : value]
  })
  return {
    ...Object.fromEntries(columns),
    route: kept.route,
    proof: kept.proof,
    // The actor if no intent proves the person.
    user_name: cleanText(user),
    fingerprint: fingerprintOf(event),
  }
}

/**
 * @returns a key that identifies an event in its cluster. The Audit-ID isn't enough, because clients can choose it. The
 * start and end of a stream are the same event; a panic is another
 */
const fingerprintOf = ({ auditId, stage, at, verb, uri, user, impersonated, resource }: ClusterEvent): string =>
  JSON.stringify([
    auditId,
    stage === 'Panic' ? 'Panic' : 'ResponseComplete',
    at,
    verb,
    uri,
    user,
    impersonated?.user ?? null,
    resource && [resource.group, resource.resource, resource.subresource, resource.namespace, resource.name],
  ])

function outcomeOf(event: ClusterEvent): { outcome: AuditOutcome; reason: `cluster_${number}` | undefined } {
  const { code, stage } = event
  const reason = code >= 100 && code < 600 ? (`cluster_${code}` as const) : undefined
  if (isRefused(event)) return { outcome: 'refused', reason }
  if (stage === 'Panic' || code === 0 || code >= 400) return { outcome: 'failed', reason }
  return { outcome: 'ok', reason: undefined }
}
