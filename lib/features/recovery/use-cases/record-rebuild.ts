import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'

/** @returns the trail's event about a rebuild by an operator's command on a host */
export const recordRebuild = (
  action: 'cluster.rebuild' | 'database.rebuild',
  cluster: string,
  { hostname, at }: { hostname: string; at: Date },
  detail: Record<string, unknown>,
): AuditEventInput => ({
  action,
  at,
  actor: { kind: 'system', name: 'command' },
  target: { kind: 'cluster', name: cluster },
  observer: observerOf('command', hostname),
  destination: action === 'cluster.rebuild' ? clusterDestination(cluster) : 'portal',
  outcome: 'ok',
  detail,
})
