import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { AuditActor, AuditEventInput, AuditOutcome } from '#lib/kernel/trail/audit-event.ts'
import { auditColumns, auditValues, cleanText } from '#lib/kernel/trail/audit-row.ts'
import { isRefused, type Kept } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { isDryRun } from './is-dry-run.ts'

/** A person of Spaceport’s, by their handle. */
export type KnownPerson = { id: string; handle: string; name: string }

/** What take_cluster_audit (prisma/migrations) takes, by the names of the trail’s columns. */
export type ClusterRow = Record<string, string | null>

const maxReasonLength = 300

type Known = { cluster: string; spaceId: string | undefined; person: KnownPerson | undefined; kept: Kept }

/** @returns the trail’s row for an event, cleaned and bounded like every other */
export function renderRow(event: ClusterEvent, { cluster, spaceId, person, kept }: Known): ClusterRow {
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
    // Whose name it bears if no intent proves it.
    user_name: cleanText(user),
    fingerprint: fingerprintOf(event),
  }
}

/**
 * @returns what tells an event from all others of its cluster. The Audit-ID alone does not: whoever sends a request may
 *   choose it. A stream’s beginning and its end are the same event; a panic is another
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
