import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { annotations, labels, personAnnotations, proofNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'
import { parsePlacedGrants } from './parse-grants-on-cluster.ts'

/** Objects on a cluster that have Spaceport's label or are in spaceport-users. */
export type FoundInstallation = {
  namespaces: readonly {
    name: string
    uid: string
    labels: Readonly<Record<string, string>>
    annotations: Readonly<Record<string, string>>
    createdAt: Date
    terminating: boolean
  }[]
  accounts: readonly { name: string; annotations: Readonly<Record<string, string>> }[]
  quotas: readonly { namespace: string; name: string; hard: Readonly<Record<string, string>> }[]
  /** `handles`: its subjects that are people. */
  bindings: readonly { namespace: string; name: string; role: string; handles: readonly string[] }[]
}

/** A person from their ServiceAccount. `account` is null if an earlier release wrote it. */
export type RecoveredPerson = {
  handle: string
  name: string
  email: string
  account: { id: string; issuer: string; subject: string; subjectClaim?: string } | null
}

/** A space from its namespace and the objects in it. */
export type RecoveredSpace = {
  id: string
  name: string
  namespace: string
  namespaceUid: string
  creation: string
  description: string
  size: Size
  /** The owner's handle. */
  owner: string
  endsAt: Date | null
  requestId: string | null
  createdAt: Date
  /** Null if the cluster doesn't record them. */
  grants: ClusterGrant[] | null
  /** People who are bound, and so have access there. */
  bound: { handle: string; role: Role }[]
}

/** The data of a cluster. `unclear`: sentences about unusable data. */
export type Recovered = { people: RecoveredPerson[]; spaces: RecoveredSpace[]; unclear: string[] }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const handlePattern = /^[a-z][-a-z0-9]{0,62}$/
const maxText = 2_000

/**
 * Reads a cluster to rebuild a database from it. Cluster admins can bypass the admission policies and may have written
 * any of it, so data that isn't in Spaceport's format is dropped and reported.
 */
export function readRecovered(found: FoundInstallation): Recovered {
  const unclear: string[] = []
  const people = found.accounts.flatMap(({ name, annotations: values }) => {
    // Kubernetes creates it in every namespace.
    if (name === 'default') return []
    const person = handlePattern.test(name) ? readPerson(name, values) : null
    if (!person) unclear.push(`ServiceAccount ${name}: it isn’t in the format of a person.`)
    return person ?? []
  })
  const quotas = new Map(
    found.quotas.filter(({ name }) => name === 'spaceport').map(({ namespace, hard }) => [namespace, hard]),
  )
  const bindings = Map.groupBy(found.bindings, ({ namespace }) => namespace)
  const spaces = found.namespaces.flatMap((namespace) => {
    if (namespace.name === proofNamespace) return []
    const space = readSpace(namespace, quotas.get(namespace.name), bindings.get(namespace.name) ?? [])
    if (typeof space !== 'string') return space
    unclear.push(`Namespace ${namespace.name}: ${space}.`)
    return []
  })
  return { people, spaces, unclear }
}

function readPerson(handle: string, values: Readonly<Record<string, string>>): RecoveredPerson | null {
  const {
    [personAnnotations.displayName]: name,
    [personAnnotations.email]: email,
    [personAnnotations.id]: id,
    [personAnnotations.issuer]: issuer,
    [personAnnotations.subject]: subject,
    [personAnnotations.subjectClaim]: subjectClaim,
  } = values
  if (name === undefined || email === undefined) return null
  if ([name, email, issuer, subject, subjectClaim].some((text) => text !== undefined && text.length > maxText))
    return null
  const account =
    id !== undefined && uuid.test(id) && issuer && subject
      ? { id, issuer, subject, ...(subjectClaim && { subjectClaim }) }
      : null
  return { handle, name, email, account }
}

type FoundNamespace = FoundInstallation['namespaces'][number]

/** @returns the space, or the rest of a sentence that says why it can't be read */
function readSpace(
  { name: namespace, uid, labels: labelled, annotations: values, createdAt, terminating }: FoundNamespace,
  hard: Readonly<Record<string, string>> | undefined,
  bindings: FoundInstallation['bindings'],
): RecoveredSpace | string {
  if (terminating) return 'it is being deleted'
  const { [labels.spaceId]: id, [labels.space]: name } = labelled
  const { [annotations.creation]: creation, [annotations.owner]: owner, [annotations.expiresAt]: end } = values
  const { [annotations.requestId]: requestId = null, [annotations.description]: description = '' } = values
  if (id === undefined || !uuid.test(id)) return 'it has no valid space id'
  if (name === undefined || !label.test(name) || !namespace.endsWith(name)) return 'it has no valid space name'
  if (!creation || creation.length > 100) return 'it lacks Spaceport’s creation mark'
  if (owner === undefined || !handlePattern.test(owner)) return 'it has no valid owner'
  if (requestId !== null && !uuid.test(requestId)) return 'it has an invalid request id'
  if (description.length > maxText) return 'its description is too long'
  const endsAt = end === undefined ? null : new Date(end)
  if (endsAt !== null && Number.isNaN(endsAt.getTime())) return 'its end isn’t a date'
  const size = hard && sizeOf(hard)
  if (!size) return 'its quota doesn’t match any size'
  const bound = bindings.flatMap(({ name: binding, role: clusterRole, handles }) => {
    const role = roles.find((each) => clusterRole === `spaceport:${each}` && binding === clusterRole)
    return role ? handles.map((handle) => ({ handle, role })) : []
  })
  return {
    ...{ id, name, namespace, namespaceUid: uid, creation, description, size, owner, endsAt, requestId, createdAt },
    ...{ grants: parsePlacedGrants(values[annotations.grants]), bound },
  }
}

/** Releases differ in the object counts of a size, but not in these. */
const sizeResources = ['requests.cpu', 'requests.memory'] as const

const sizeOf = (hard: Readonly<Record<string, string>>): Size | undefined =>
  sizes.find((size) => sizeResources.every((resource) => sizeSpecs[size].quota[resource] === hard[resource]))
