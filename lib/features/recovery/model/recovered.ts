import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { annotations, labels, personAnnotations, proofNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import { type Size, sizeSpecs, sizes } from '#lib/kernel/model/spaces/size.ts'
import { parsePlacedGrants } from './parse-grants-on-cluster.ts'

/** What is on a cluster and carries Spaceport's label, or lives in spaceport-users. */
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

/** A person as their ServiceAccount says; `account` is null on one that an earlier release wrote. */
export type RecoveredPerson = {
  handle: string
  name: string
  email: string
  account: { id: string; issuer: string; subject: string; subjectClaim?: string } | null
}

/** A space as its namespace and what is in it say. */
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
  /** Null: nothing is said of them. */
  grants: ClusterGrant[] | null
  /** Who is bound, and so has a right there. */
  bound: { handle: string; role: Role }[]
}

/** What a cluster says. `unclear`: why something of it can't be used, as sentences. */
export type Recovered = { people: RecoveredPerson[]; spaces: RecoveredSpace[]; unclear: string[] }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const handlePattern = /^[a-z][-a-z0-9]{0,62}$/
const maxText = 2_000

/**
 * Reads a cluster as a database is rebuilt from it. Whoever may pass the fences, which is the cluster's admins, may have
 * written any of it: what doesn't have the form that Spaceport gives it is left out, with a sentence that says so.
 */
export function readRecovered(found: FoundInstallation): Recovered {
  const unclear: string[] = []
  const people = found.accounts.flatMap(({ name, annotations: said }) => {
    // Kubernetes makes it in every namespace.
    if (name === 'default') return []
    const person = handlePattern.test(name) ? readPerson(name, said) : null
    if (!person) unclear.push(`ServiceAccount ${name}: it is not a person as Spaceport writes one.`)
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

function readPerson(handle: string, said: Readonly<Record<string, string>>): RecoveredPerson | null {
  const {
    [personAnnotations.displayName]: name,
    [personAnnotations.email]: email,
    [personAnnotations.id]: id,
    [personAnnotations.issuer]: issuer,
    [personAnnotations.subject]: subject,
    [personAnnotations.subjectClaim]: subjectClaim,
  } = said
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

/** @returns why it can't be read, if it can't: the rest of a sentence */
function readSpace(
  { name: namespace, uid, labels: labelled, annotations: said, createdAt, terminating }: FoundNamespace,
  hard: Readonly<Record<string, string>> | undefined,
  bindings: FoundInstallation['bindings'],
): RecoveredSpace | string {
  if (terminating) return 'it is being deleted'
  const { [labels.spaceId]: id, [labels.space]: name } = labelled
  const { [annotations.creation]: creation, [annotations.owner]: owner, [annotations.expiresAt]: end } = said
  const { [annotations.requestId]: requestId = null, [annotations.description]: description = '' } = said
  if (id === undefined || !uuid.test(id)) return 'it has no id of a space'
  if (name === undefined || !label.test(name) || !namespace.endsWith(name)) return 'it has no name of a space'
  if (!creation || creation.length > 100) return 'it lacks what Spaceport noted when it made it'
  if (owner === undefined || !handlePattern.test(owner)) return 'it names no owner'
  if (requestId !== null && !uuid.test(requestId)) return 'it names a request that can’t be one'
  if (description.length > maxText) return 'its description is too long'
  const endsAt = end === undefined ? null : new Date(end)
  if (endsAt !== null && Number.isNaN(endsAt.getTime())) return 'its end is not a date'
  const size = hard && sizeOf(hard)
  if (!size) return 'its quota has no size that Spaceport knows'
  const bound = bindings.flatMap(({ name: binding, role: clusterRole, handles }) => {
    const role = roles.find((each) => clusterRole === `spaceport:${each}` && binding === clusterRole)
    return role ? handles.map((handle) => ({ handle, role })) : []
  })
  return {
    ...{ id, name, namespace, namespaceUid: uid, creation, description, size, owner, endsAt, requestId, createdAt },
    ...{ grants: parsePlacedGrants(said[annotations.grants]), bound },
  }
}

/** Releases differ in how many objects of a kind a size allows, and not in these. */
const telling = ['requests.cpu', 'requests.memory'] as const

const sizeOf = (hard: Readonly<Record<string, string>>): Size | undefined =>
  sizes.find((size) => telling.every((resource) => sizeSpecs[size].quota[resource] === hard[resource]))
