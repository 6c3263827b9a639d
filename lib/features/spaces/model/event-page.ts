import type { PlacedWorkload } from '#lib/kernel/model/spaces/space-inside.ts'
import { objectsOf } from './place-pods.ts'

/** The alphabet of generated names (https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go). */
const made = '[bcdfghjklmnpqrstvwxz2456789]'
/** How a workload names the pods and ReplicaSets it creates. */
const madeNames: readonly { name: RegExp; by: readonly string[] }[] = [
  { name: new RegExp(`^Pod/(.+)-${made}{1,10}-${made}{5}$`), by: ['Deployment'] },
  { name: new RegExp(`^Pod/(.+)-${made}{5}$`), by: ['DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'] },
  { name: /^Pod\/(.+)-\d+$/, by: ['StatefulSet'] },
  { name: new RegExp(`^ReplicaSet/(.+)-${made}{1,10}$`), by: ['Deployment'] },
  { name: /^Job\/(.+)-\d+$/, by: ['CronJob'] },
]

/**
 * @returns a function that maps an event’s object to a page, `Deployment/web`: an existing pod to its own, an object
 * created by a workload to the workload's; null: no page
 */
export function eventPages(workloads: readonly PlacedWorkload[]): (object: string) => string | null {
  const pages = new Map<string, string>()
  for (const workload of workloads) {
    const own = `${workload.kind}/${workload.name}`
    for (const object of objectsOf(workload)) pages.set(object, object.startsWith('Pod/') ? object : own)
  }
  return (object) => pages.get(object) ?? ofMaker(object, pages)
}

function ofMaker(object: string, pages: ReadonlyMap<string, string>): string | null {
  for (const { name, by } of madeNames) {
    const [, maker] = name.exec(object) ?? []
    const known = by.map((kind) => `${kind}/${maker}`).find((one) => pages.has(one))
    if (maker !== undefined && known !== undefined) return known
  }
  return null
}
