/**
 * Follows one object that declares a space. Must never act for an object outside the namespaces that the operator
 * mapped, trust an object about its author, or take over a space that it didn't create.
 */
import { type DeclaredRow, findDeclaredSpace, isSpaceNamespace } from '#lib/features/gitops/db/declared-spaces.ts'
import { findGitPerson } from '#lib/features/gitops/db/find-git-person.ts'
import { parseSpaceSpec, type SpaceObject } from '#lib/features/gitops/model/parse-space-object.ts'
import {
  absentVerdicts,
  hasStatus,
  livingVerdicts,
  type ObjectState,
  objectStateOf,
  type Problem,
  refusedVerdicts,
  renderObjectStatus,
  type StatusFacts,
  type Verdicts,
} from '#lib/features/gitops/model/space-object-status.ts'
import { findSpaceById, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { type DeclaredSpace, identityAt, spaceFinalizer } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { DeclaredBy, SystemContext } from '#lib/kernel/use-case/context.ts'
import {
  applySpaceObjectStatus,
  findSpaceObject,
  keepSpaceObject,
  letSpaceObjectGo,
} from '#lib/kube/objects/space-objects.ts'
import { endDeclared } from './end-declared.ts'
import { followMembers, membersUnderWay } from './follow-members.ts'
import { followSettings, problemOf, type SettingsProblem } from './follow-settings.ts'
import { followGeneration } from './following.ts'
import { type GitActor, gitActorFor } from './git-actor.ts'
import { makeDeclared, nameTaken } from './make-declared.ts'
import { readinessOf } from './readiness.ts'
import { withdrawRequests } from './withdraw-requests.ts'

export type ObjectKey = { cluster: string; namespace: string; name: string }

/** `rank`: the object's position in its namespace, by name; `signal`: aborts between two steps. */
export type FollowOptions = { rank: number; signal: AbortSignal }

/**
 * `soon`: in progress; `later`: as far as it gets without a change; `never`: until the object changes; `gone`: it no
 * longer exists.
 */
export type Recheck = 'soon' | 'later' | 'never' | 'gone'

/** The result of following an object. */
type FollowResult = { again: Recheck; state?: ObjectState }

type Outcome = { verdicts: Verdicts; facts?: StatusFacts; again: Recheck }

/** Limit of followed objects per namespace. */
const objectsPerNamespace = 200

/**
 * Applies what an object declares, as far as possible now, and writes its status. Safe to repeat.
 * @returns when to check again, and the object's state (none: Spaceport no longer manages it)
 * @throws AppError when the cluster or the database is unavailable
 */
export async function followObject(ctx: SystemContext, key: ObjectKey, options: FollowOptions): Promise<FollowResult> {
  const cluster = ctx.clusters.get(key.cluster)
  const object = await findSpaceObject(cluster, key)
  if (!object) return { again: 'gone' }
  const { metadata } = object
  const isHeld = metadata.finalizers.includes(spaceFinalizer)
  const outcome =
    metadata.deletionTimestamp === undefined
      ? await follow(ctx, key, object, options)
      : await end(ctx, key, object, options)
  options.signal.throwIfAborted()
  if (outcome === null) {
    if (isHeld) await letSpaceObjectGo(cluster, metadata)
    return { again: 'never' }
  }
  const { verdicts, facts = {}, again } = outcome
  const { generation } = metadata
  const status = renderObjectStatus({ generation, verdicts, facts }, object.status?.conditions ?? [], ctx.clock())
  if (!hasStatus(object.status, status)) await applySpaceObjectStatus(cluster, metadata, status)
  return { again, state: objectStateOf(verdicts, again === 'soon') }
}

const refused = (reason: string, message: string, again: Recheck): Outcome => ({
  verdicts: refusedVerdicts(reason, message),
  again,
})

const declaredByOf = ({ cluster, namespace, name }: ObjectKey, object: SpaceObject, members: boolean): DeclaredBy => {
  const { uid, generation } = object.metadata
  return { cluster, namespace, name, uid, generation, members }
}

async function follow(
  ctx: SystemContext,
  key: ObjectKey,
  object: SpaceObject,
  { rank, signal }: FollowOptions,
): Promise<Outcome> {
  const handle = identityAt(ctx.gitIdentities, key.cluster, key.namespace)
  if (handle === null)
    return refused(
      'NotMapped',
      'No one is mapped to this namespace (SPACEPORT_GIT_IDENTITIES), so this object does nothing.',
      'never',
    )
  if (await isSpaceNamespace(ctx.pool, key))
    return refused(
      'NamespaceOfSpace',
      'This namespace belongs to a space with members who can write here, so this object does nothing.',
      'later',
    )
  const parsed = parseSpaceSpec(object.spec)
  if (!parsed.ok) return refused('Invalid', `${parsed.path} can’t be read.`, 'never')
  const person = await findGitPerson(ctx.db, handle)
  if (!person)
    return refused('IdentityUnknown', `No one has the handle ${handle}, which is mapped to this namespace.`, 'later')
  if (person.deactivatedAt)
    return refused('IdentityDeactivated', `${handle}, who is mapped to this namespace, is deactivated.`, 'later')
  if (rank >= objectsPerNamespace)
    return refused(
      'TooManyObjects',
      `Only the first ${objectsPerNamespace} objects of a namespace are followed, by name.`,
      'later',
    )
  const { declared } = parsed
  const actor = await gitActorFor(ctx, person, declaredByOf(key, object, declared.members !== null), signal)
  const { uid } = object.metadata
  const row = await findDeclaredSpace(ctx.pool, { ...key, uid })
  if (row && row.status !== 'deleted') return followExisting(ctx, key, { object, declared, actor, row })
  const deleted = row && deletionOf(row, object)
  if (deleted) return { verdicts: absentVerdicts(deleted.reason, deleted.message), again: 'later' }
  await keepSpaceObject(ctx.clusters.get(key.cluster), object.metadata)
  const waits = await makeDeclared(actor, { ...key, declared }).catch(problemOf)
  if (waits === nameTaken) return refused(waits.reason, waits.message, 'later')
  if (waits)
    return {
      verdicts: absentVerdicts(waits.reason, waits.message),
      facts: requestFacts(ctx, waits),
      again: waits.reason === 'WaitingForApproval' ? 'soon' : 'later',
    }
  const made = await findDeclaredSpace(ctx.pool, { ...key, uid })
  if (made && made.status !== 'deleted') return followExisting(ctx, key, { object, declared, actor, row: made })
  return refused('NamespaceTaken', 'The cluster already has a namespace with this name.', 'later')
}

/** @returns the problem that someone deleted this object's space, and how to recreate it; null: it may be created */
function deletionOf(row: DeclaredRow, { metadata }: SpaceObject): Problem | null {
  // Rolled back: it never existed.
  if (row.deletionAskedAt === null) return null
  const deleted = (how: string) => ({
    reason: 'Deleted',
    message: `The space was deleted. ${how} to create it again.`,
  })
  // Not followed yet: the existing object declared it.
  if (row.uid === null ? new Date(metadata.creationTimestamp) > row.deletionAskedAt : row.uid !== metadata.uid)
    return null
  // After release to the portal, changes to the object weren't followed.
  if (row.uid === null || row.namespace === null) return deleted('Delete the object and apply it again')
  return row.generation === metadata.generation ? deleted('Change the object') : null
}

async function followExisting(
  ctx: SystemContext,
  key: ObjectKey,
  { object, declared, actor, row }: { object: SpaceObject; declared: DeclaredSpace; actor: GitActor; row: DeclaredRow },
): Promise<Outcome> {
  const { cluster, namespace, name } = key
  if (row.namespace !== namespace)
    return row.namespace === null && row.ownerId === actor.ctx.actor.userId
      ? refused(
          'NotHandedOver',
          'The space is managed in the portal. Its owner can let Git manage it under Settings.',
          'later',
        )
      : refused(nameTaken.reason, nameTaken.message, 'later')
  if (row.ownerId !== actor.ctx.actor.userId)
    return refused('OwnerChanged', 'The space has another owner now, so this object changes nothing.', 'later')
  if (row.status === 'deleting')
    return { verdicts: absentVerdicts('Deleting', 'The space is being deleted.'), again: 'soon' }
  await keepSpaceObject(ctx.clusters.get(cluster), object.metadata)
  const { uid, generation } = object.metadata
  const space = await findSpaceById(ctx.pool, row.id, row.ownerId, ctx.clock())
  if (!space) return { verdicts: absentVerdicts('Deleting', 'The space is being deleted.'), again: 'soon' }
  if (row.uid === uid && row.generation !== null && row.generation > generation)
    return { verdicts: livingVerdicts([restored], readinessOf(space)), facts: factsOf(ctx, key, space), again: 'later' }
  const following = await followGeneration(ctx, row, {
    spaceId: row.id,
    namespace,
    uid,
    generation,
    members: declared.members !== null,
  })
  const spaceKey: SpaceKey = { name, cluster, id: row.id }
  const settings = await followSettings(actor, { space, key: spaceKey, following }, declared)
  const members = declared.members
    ? await followMembers(actor, { space, key: spaceKey, following }, declared.members)
    : []
  const after = (await findSpaceById(ctx.pool, row.id, row.ownerId, ctx.clock())) ?? space
  // Changes that people made in the portal don't keep the object from being ready.
  const waits = settings.find(({ reason }) => reason !== 'ChangedInPortal') ?? readinessOf(after)
  const problems: Problem[] = [...settings, ...members]
  return {
    verdicts: livingVerdicts(problems, waits),
    facts: {
      ...factsOf(ctx, key, after),
      ...settings.map((problem) => requestFacts(ctx, problem)).find(({ requestUrl }) => requestUrl !== undefined),
    },
    again: [...members, waits].some((each) => each && underWay.includes(each.reason)) ? 'soon' : 'later',
  }
}

/** Following it could restore access that was removed since. */
const restored: Problem = {
  reason: 'LaterFollowed',
  message:
    'A later generation of this object was already followed, so the cluster was restored from a backup. To follow this one, return the space to the portal there, then let Git manage it again.',
}

const underWay = ['Creating', 'WaitingForApproval', membersUnderWay.reason]

/** @returns what the object waits for; null: its finalizer may be removed */
async function end(
  ctx: SystemContext,
  key: ObjectKey,
  object: SpaceObject,
  { signal }: FollowOptions,
): Promise<Outcome | null> {
  if (!object.metadata.finalizers.includes(spaceFinalizer)) return null
  const handle = identityAt(ctx.gitIdentities, key.cluster, key.namespace)
  const mayAct = handle !== null && !(await isSpaceNamespace(ctx.pool, key))
  const person = mayAct ? await findGitPerson(ctx.db, handle) : null
  const parsed = parseSpaceSpec(object.spec)
  const declaredBy = declaredByOf(key, object, false)
  const actor = person && !person.deactivatedAt ? await gitActorFor(ctx, person, declaredBy, signal) : null
  const row = await findDeclaredSpace(ctx.pool, { ...key, uid: declaredBy.uid })
  if (actor) await withdrawRequests(actor, declaredBy, row)
  const spaceKey = { name: key.name, cluster: key.cluster }
  const deletes = parsed.ok && parsed.declared.deletes
  const waits = await endDeclared(ctx, { row, key: spaceKey, declaredBy, deletes, signal }, actor)
  return (
    waits && {
      verdicts: absentVerdicts(waits.reason, waits.message),
      again: waits.reason === 'Deleting' ? 'soon' : 'later',
    }
  )
}

const factsOf = (ctx: SystemContext, key: ObjectKey, { id, namespace, owner }: SpaceRecord): StatusFacts => ({
  spaceId: id,
  namespace,
  owner: owner.handle,
  url: urlOf(ctx, key),
})

const requestFacts = (ctx: SystemContext, { requestId }: SettingsProblem): StatusFacts =>
  requestId === undefined ? {} : { requestUrl: `${ctx.portalUrl}/requests/${requestId}` }

function urlOf(ctx: SystemContext, { cluster, name }: ObjectKey): string {
  const query = cluster === ctx.clusters.defaultName ? '' : `?${new URLSearchParams({ cluster })}`
  return `${ctx.portalUrl}/spaces/${encodeURIComponent(name)}${query}`
}
