/**
 * How many rows of a cluster’s audit are kept: whoever has its token, and a member who makes tokens of ServiceAccounts, could
 * fill the trail otherwise. What an attack is likely to be has a share of its own, so that no flood of harmless changes
 * hides it; so has each of Spaceport’s identities. What goes beyond is counted (counted-rows.ts).
 */

import type { Kept } from './classify-event.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** `proof`: it may turn out to be a stolen token of the gateway or the broker. `noted`: the gateway noted it, so it isn't. `grave`: it gives rights, opens a way in, or reads secrets. */
export type KeptClass = 'proof' | 'noted' | 'broker' | 'grave' | 'ordinary'

/** Rows at once, and rows a minute from then on. */
type Bound = { burst: number; perMinute: number }

/** Of one user, and of all users of a cluster together. One row takes half a kilobyte: a cluster fills 1.5 GB a day at most. */
const maxOfUser: Bound = { burst: 1_000, perMinute: 120 }
const maxOfCluster: Bound = { burst: 10_000, perMinute: 1_200 }
/** The gateway bounds the changes of each person itself, and the broker may have to mend every space at once. */
const maxOfIdentity: Bound = { burst: 50_000, perMinute: 6_000 }
const maxRemembered = 10_000

/** @returns whose share of the trail an event takes */
export function classOf({ resource }: ClusterEvent, { route, verb, proof }: Kept): KeptClass {
  if (proof !== 'none') return 'proof'
  if (route === 'gateway') return 'noted'
  if (route === 'spaceport') return 'broker'
  if (!resource || opens.has(verb)) return 'grave'
  if (resource.group === 'rbac.authorization.k8s.io' || resource.subresource === 'token') return 'grave'
  return resource.group === '' && resource.resource === 'secrets' ? 'grave' : 'ordinary'
}
const opens: ReadonlySet<string> = new Set(['exec', 'attach', 'port-forward', 'proxy'])

type Asked = { cluster: string; user: string; of: KeptClass }

/** @returns a function that says whether a row is kept; `now` in milliseconds */
export function createKeptBound() {
  const ofUsers = createBuckets(maxOfUser)
  const ofClusters = createBuckets(maxOfCluster)
  const ofIdentities = createBuckets(maxOfIdentity)
  return ({ cluster, user, of }: Asked, now: number): boolean => {
    if (of === 'proof' || of === 'noted' || of === 'broker') return ofIdentities(`${cluster} ${of}`, now)
    // Who exceeds their own share takes nothing of the others’.
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
