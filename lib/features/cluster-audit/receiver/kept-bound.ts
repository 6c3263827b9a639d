/**
 * Limits how many rows of a cluster’s audit are kept. Otherwise anyone with its token, or a member who issues
 * ServiceAccount tokens, could fill the trail. Events of a likely attack have their own share, so that no flood of
 * harmless changes hides them, and so does each of Spaceport’s identities. The excess is counted (counted-rows.ts).
 */

import type { KeptEvent } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'

/**
 * `proof`: it may be a stolen token of the gateway or the broker. `noted`: the gateway recorded it, so it isn't.
 * `grave`: it grants rights, opens a connection, or reads secrets.
 */
export type KeptClass = 'proof' | 'noted' | 'broker' | 'grave' | 'ordinary'

/** Rows at once, and rows per minute after that. */
type Bound = { burst: number; perMinute: number }

/**
 * Per user, and for all users of a cluster together. A row takes half a kilobyte, so a cluster adds at most 1.5 GB a
 * day.
 */
const maxOfUser: Bound = { burst: 1_000, perMinute: 120 }
const maxOfCluster: Bound = { burst: 10_000, perMinute: 1_200 }
/** The gateway itself limits each person's changes, and the broker may have to repair every space at once. */
const maxOfIdentity: Bound = { burst: 50_000, perMinute: 6_000 }
const maxRemembered = 10_000

/** @returns the share that an event counts against */
export function classOf({ resource }: ClusterEvent, { route, verb, proof }: KeptEvent): KeptClass {
  if (proof !== 'none') return 'proof'
  if (route === 'gateway') return 'noted'
  if (route === 'spaceport') return 'broker'
  if (!resource || opens.has(verb)) return 'grave'
  if (resource.group === 'rbac.authorization.k8s.io' || resource.subresource === 'token') return 'grave'
  return resource.group === '' && resource.resource === 'secrets' ? 'grave' : 'ordinary'
}
const opens: ReadonlySet<string> = new Set(['exec', 'attach', 'port-forward', 'proxy'])

type RowShare = { cluster: string; user: string; of: KeptClass }

/** @returns a function that decides whether a row is kept; `now` in milliseconds */
export function createKeptBound() {
  const ofUsers = createBuckets(maxOfUser)
  const ofClusters = createBuckets(maxOfCluster)
  const ofIdentities = createBuckets(maxOfIdentity)
  return ({ cluster, user, of }: RowShare, now: number): boolean => {
    if (of === 'proof' || of === 'noted' || of === 'broker') return ofIdentities(`${cluster} ${of}`, now)
    // A user above their own limit uses nothing of the shared one.
    return ofUsers(`${cluster} ${of} ${user}`, now) && ofClusters(`${cluster} ${of}`, now)
  }
}

function createBuckets({ burst, perMinute }: Bound) {
  const buckets = new Map<string, { left: number; at: number }>()
  return (key: string, now: number): boolean => {
    const { left, at } = buckets.get(key) ?? { left: burst, at: now }
    const filled = Math.min(burst, left + (Math.max(0, now - at) * perMinute) / 60_000)
    const has = filled >= 1
    buckets.delete(key)
    buckets.set(key, { left: has ? filled - 1 : filled, at: now })
    if (buckets.size > maxRemembered)
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest)
        break
      }
    return has
  }
}
