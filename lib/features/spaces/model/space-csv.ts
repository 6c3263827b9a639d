import { csvLine } from '#lib/kernel/model/csv.ts'
import { objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceListed } from '#lib/kernel/model/spaces/space-view.ts'

/** A space in a download. `roles`: how many people and groups have one now, besides the owner. */
export type ExportedSpace = Omit<
  SpaceListed,
  'id' | 'health' | 'waitsForCluster' | 'standing' | 'standingEndsAt' | 'later' | 'lastUsedAt'
> & {
  roles: number
}

/** Used and limit of a quota, as Kubernetes writes them. Empty: never observed. */
const resources = {
  cpu: 'requests.cpu',
  memory: 'requests.memory',
  storage: 'requests.storage',
  pods: 'pods',
  volumes: 'persistentvolumeclaims',
} as const

/** The columns of a download of spaces. Instants are ISO 8601, UTC. */
export const spaceHeader = csvLine([
  ...['name', 'cluster', 'namespace', 'description', 'owner', 'owner_name', 'status', 'size', 'created', 'ends'],
  'roles',
  ...Object.keys(resources).flatMap((name) => [`${name}_used`, `${name}_limit`]),
  'git_object',
  'note',
])

/** @returns a space's line */
export const spaceLine = ({ owner, usage, declaredNamespace: namespace, ...space }: ExportedSpace): string =>
  csvLine([
    ...[space.name, space.cluster, space.namespace, space.description, owner.handle, owner.name, space.status],
    ...[space.size, space.createdAt.toISOString(), space.endsAt?.toISOString() ?? null, String(space.roles)],
    ...Object.values(resources).flatMap((resource) => {
      const found = usage.find((each) => each.resource === resource)
      return [found?.used ?? null, found?.hard ?? null]
    }),
    namespace === null ? null : objectName({ namespace, name: space.name }),
    null,
  ])

const columnsBeforeNote = 12 + 2 * Object.keys(resources).length

/** @returns a line that says what is missing from the file */
export const spaceNoteLine = (note: string): string => csvLine([...Array<null>(columnsBeforeNote).fill(null), note])
