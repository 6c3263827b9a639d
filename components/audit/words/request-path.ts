import type { AuditRecord } from '#lib/features/audit/model/audit-record.ts'
import { mainRecord } from '#lib/features/audit/model/audit-record.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { countIn, textIn } from './event-words.ts'
import { failureInWords } from './reason-words.ts'
import { actorName } from './who.ts'

/** A hop of a request on its path from a person to a cluster's API server. */
export type Hop = {
  /** One of `Person`, `Credential`, `Gateway`, `API server`, `Outcome`. */
  name: string
  /** Its value for this request, in a word or two. */
  value: string
  /** Missing: nothing is known about the hop. */
  state: 'known' | 'missing' | 'refused' | 'failed'
  /** When the request passed it, as ISO 8601; null: unknown. */
  at: string | null
  observer: string | null
  /** More about it, one fact per line. */
  lines: string[]
  /** Its story: a person's handle or a credential's id. */
  link: { of: 'people' | 'credentials'; key: string } | null
}

type Way = { records: readonly AuditRecord[]; id: string; clusterReportedAt: Date | string | null }

const none = { at: null, observer: null, lines: [] as string[], link: null }

/**
 * @param id of one of the rows
 * @param clusterReportedAt when the cluster's own audit last reported anything; null: never
 * @returns the hops of a request to a cluster, in order; null for other events
 */
export function requestPath({ records, id, clusterReportedAt }: Way): Hop[] | null {
  const main = mainRecord(records, id)
  if (main === undefined) return null
  if (main.route === 'around') return around(main)
  if (!main.action.startsWith('kubectl.') || !main.destination.startsWith('cluster/')) return null
  const outcome = records.find((record) => record.intent_id === main.id)
  const ended = outcome ?? (main.outcome === null ? undefined : main)
  // A request that the gateway refuses never reaches the cluster and has no Audit-ID.
  const sent = main.cluster_audit_id !== null || ended?.outcome !== 'refused'
  const cluster = records.find(({ route }) => route === 'gateway')
  return [
    personHop(main),
    credentialHop(main),
    gatewayHop(main, sent),
    ...(sent ? [clusterHop(cluster, clusterReportedAt)] : []),
    outcomeHop(main, ended),
  ]
}

const personHop = (main: AuditRecord): Hop => ({
  name: 'Person',
  value: actorName({ kind: main.actor_kind, handle: main.actor_handle, name: main.actor_name }),
  state: 'known',
  at: null,
  observer: null,
  lines: present([main.source_address && `from ${main.source_address}`, main.user_agent]),
  link: main.actor_kind === 'user' && main.actor_handle !== null ? { of: 'people', key: main.actor_handle } : null,
})

function credentialHop(main: AuditRecord): Hop {
  const id = textIn(main.detail, 'credential')
  if (id === null) return { ...none, name: 'Credential', value: 'No valid credential', state: 'missing', lines: [] }
  return {
    ...none,
    name: 'Credential',
    value: 'Kubeconfig',
    state: 'known',
    lines: [id],
    link: { of: 'credentials', key: id },
  }
}

const gatewayHop = (main: AuditRecord, sent: boolean): Hop => ({
  ...none,
  name: 'Gateway',
  value: sent ? 'Allowed' : 'Refused',
  state: sent ? 'known' : 'refused',
  at: main.at,
  observer: main.observer,
  lines: present([main.request_id && `Request ID ${main.request_id}`]),
})

function clusterHop(cluster: AuditRecord | undefined, reportedAt: Way['clusterReportedAt']): Hop {
  const name = 'API server'
  if (cluster === undefined) {
    const why =
      reportedAt === null ? 'This cluster’s audit isn’t connected.' : 'The cluster’s audit hasn’t reported this (yet).'
    return {
      ...none,
      name,
      value: reportedAt === null ? 'Not connected' : 'Not reported',
      state: 'missing',
      lines: [why],
    }
  }
  const { detail } = cluster
  const code = countIn(detail, 'code')
  const [user, impersonated] = [textIn(detail, 'user'), textIn(detail, 'impersonated')]
  return {
    ...none,
    name,
    value: code === null ? 'Reported' : `Answered ${code}`,
    state: stateOf(cluster),
    at: cluster.at,
    observer: cluster.observer,
    lines: present([
      cluster.source_address && `from ${cluster.source_address}`,
      user && `by ${user}`,
      impersonated && `as ${impersonated}`,
      cluster.cluster_audit_id && `Audit-ID ${cluster.cluster_audit_id}`,
    ]),
  }
}

function outcomeHop(main: AuditRecord, ended: AuditRecord | undefined): Hop {
  if (ended === undefined)
    return {
      ...none,
      name: 'Outcome',
      value: 'Not recorded',
      state: 'missing',
      lines: ['The gateway stopped before it could write the outcome.'],
    }
  const code = countIn(ended.detail, 'code')
  const took = Date.parse(ended.at) - Date.parse(main.at)
  return {
    ...none,
    name: 'Outcome',
    value: outcomes[ended.outcome ?? 'ok'],
    state: stateOf(ended),
    at: ended.at,
    observer: ended.observer,
    lines: present([
      code !== null && `status ${code}`,
      ended !== main && took >= 0 && `after ${inNumber(took, 'millisecond')}`,
      failureInWords({ outcome: ended.outcome ?? 'ok', reason: ended.reason, detail: ended.detail }),
    ]),
  }
}

/** A request that bypassed the gateway. Only the cluster's own audit log has it. */
function around(main: AuditRecord): Hop[] {
  const { detail } = main
  const code = countIn(detail, 'code')
  return [
    {
      ...none,
      name: 'Identity',
      value: main.actor_name ?? 'Unknown',
      state: 'known',
      lines: present([main.source_address && `from ${main.source_address}`, main.user_agent]),
      link: main.actor_kind === 'user' && main.actor_handle !== null ? { of: 'people', key: main.actor_handle } : null,
    },
    {
      ...none,
      name: 'Gateway',
      value: 'Bypassed',
      state: 'missing',
      lines: ['It went straight to the cluster, past all of Spaceport’s checks.'],
    },
    {
      ...none,
      name: 'API server',
      value: code === null ? 'Reported' : `Answered ${code}`,
      state: stateOf(main),
      at: main.at,
      observer: main.observer,
      lines: present([main.cluster_audit_id && `Audit-ID ${main.cluster_audit_id}`, textIn(detail, 'why')]),
    },
    { ...none, name: 'Outcome', value: outcomes[main.outcome ?? 'ok'], state: stateOf(main) },
  ]
}

const outcomes = { ok: 'Done', refused: 'Refused', failed: 'Failed' } as const

const stateOf = ({ outcome }: AuditRecord): Hop['state'] =>
  outcome === 'refused' ? 'refused' : outcome === 'failed' ? 'failed' : 'known'

const present = (lines: readonly (string | null | false)[]): string[] =>
  lines.filter((line): line is string => typeof line === 'string' && line !== '')
