import { setTimeout as delay } from 'node:timers/promises'
import type { LoadedSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { saveFailure, saveReady } from '#lib/kernel/db/spaces/save-observed.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { AppError, type ErrorCode, isAppError } from '#lib/kernel/model/errors.ts'
import { annotations } from '#lib/kernel/model/spaces/cluster-names.ts'
import { type DesiredSpace, type RenderedSpace, renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { createSteps, stepLabels } from '#lib/kernel/model/spaces/space-status.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { isQuotaCounted } from '#lib/kube/inside/is-quota-counted.ts'
import { applyNamespace } from '#lib/kube/objects/apply-namespace.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { createNamespace } from '#lib/kube/objects/create-namespace.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { assertFences } from './assert-fences.ts'
import { ensurePeople } from './ensure-people.ts'
import type { Reconciled } from './reconciled.ts'
import { removeAccess } from './remove-access.ts'
import { type StepTracker, trackSteps } from './step-tracker.ts'

/** Failures that break a ready space; other failed changes are retried while people keep working. */
const breaking: readonly ErrorCode[] = ['namespace_terminating', 'namespace_taken', 'cluster_conflict']
/** A little more than the interval between the worker's proofs. */
const workersProofForMs = 75_000

type Patience = Pick<SystemContext, 'effectiveWithinMs'>

/**
 * Creates or changes a living space: namespace, then limits, and access once the fences are proved; then verifies with
 * the API server. The gateway doesn't serve a space before its first verification.
 */
export async function reconcileLiving(ctx: SystemContext, loaded: LoadedSpace): Promise<Reconciled> {
  const { wanted } = loaded
  const steps = trackSteps(ctx, wanted.id, createSteps)
  let namespaceUid = loaded.namespaceUid
  try {
    const rendered = renderSpace(wanted, ctx.policy.reach)
    const fences = proveFor(ctx, loaded)
    const { uid, isNew } = await steps.run('namespace', () =>
      ensureNamespace(ctx.clusters.get(loaded.cluster), rendered, loaded),
    )
    namespaceUid = uid
    const cluster = ctx.clusters.get(loaded.cluster)
    const setLimits = () => joined(rendered.limits.map((manifest) => applyObject(cluster, manifest)))
    const access = () => steps.run('access', () => giveAccess(ctx, cluster, { ...loaded, isNew }, rendered, fences))
    const limited = () => verifyLimits(ctx, cluster, wanted)
    if (loaded.wasReady && (isNew || isStillUnlimited(loaded))) {
      // The gateway already serves it to everyone bound, so a recreated namespace gets its limits before its bindings.
      await steps.run('limits', () => setLimits().then(limited))
      await access()
    } else await joined([steps.run('limits', setLimits), access()])
    await steps.run('verified', () =>
      joined([verifyAccess(ctx, cluster, wanted), ...(loaded.wasReady ? [] : [limited()])]),
    )
    await steps.stop()
    const seconds = await saveReady(ctx.db, wanted.id, {
      generation: loaded.generation,
      namespaceUid: uid,
      steps: steps.steps(),
      at: ctx.clock(),
    })
    if (seconds !== null) metrics().spaceCreation.observe({ cluster: loaded.cluster }, seconds)
    return { settled: true }
  } catch (error) {
    return await failed(ctx, loaded, steps, namespaceUid, error)
  } finally {
    await steps.stop()
  }
}

/** Whether the last try ended because the cluster hadn't counted the quota. */
const isStillUnlimited = ({ steps }: LoadedSpace): boolean => steps.some(({ code }) => code === 'limits_not_effective')

async function failed(
  ctx: SystemContext,
  loaded: LoadedSpace,
  steps: StepTracker,
  namespaceUid: string | null,
  error: unknown,
): Promise<Reconciled> {
  if (!isAppError(error)) throw error
  await steps.stop()
  const step = steps.steps().find(({ state }) => state === 'failed')?.name
  const message = step ? `${stepLabels[step]}: ${error.sentence}` : error.sentence
  ctx.log.warn(
    { error, spaceId: loaded.wanted.id, step, requestId: ctx.origin.requestId },
    'could not bring a space to its desired state',
  )
  await saveFailure(ctx.db, loaded.wanted.id, {
    code: error.code,
    message,
    steps: steps.steps(),
    namespaceUid,
    broken: breaking.includes(error.code),
    at: ctx.clock(),
  })
  return { settled: false, code: error.code, message, again: null }
}

/**
 * Ensures that our namespace exists: known by UID, created now, or created by a request without a received answer
 * (recognized by its random value). Never one that existed before. If it was deleted, it is created again, so a cluster
 * can be rebuilt from the database.
 * @returns its UID, and whether it is certainly empty
 */
async function ensureNamespace(
  cluster: Cluster,
  { namespace }: RenderedSpace,
  loaded: LoadedSpace,
): Promise<{ uid: string; isNew: boolean }> {
  const { name } = namespace.metadata
  const create = async () => ({ uid: (await createNamespace(cluster, namespace)).uid, isNew: true })
  let uid = loaded.namespaceUid
  if (uid === null) {
    try {
      return await create()
    } catch (error) {
      if (!isAppError(error, 'namespace_taken')) throw error
      const found = await findNamespace(cluster, name)
      if (found?.annotations[annotations.creation] !== loaded.wanted.creation) throw error
      uid = found.uid
    }
  }
  try {
    const observed = await applyNamespace(cluster, { ...namespace, metadata: { ...namespace.metadata, uid } })
    if (observed.terminating) throw new AppError('namespace_terminating', { detail: 'deleted by someone else' })
    return { uid: observed.uid, isNew: false }
  } catch (error) {
    if (!isAppError(error, 'namespace_gone')) throw error
    return create()
  }
}

/**
 * Starts proving the fences during the creation of the namespace, unless the worker did so moments ago. A fault that
 * the worker found always counts.
 */
function proveFor(ctx: SystemContext, { cluster, fenceFaults, fencesProvedAt }: LoadedSpace): Promise<void> {
  async function prove(): Promise<void> {
    if (fenceFaults > 0) throw new AppError('fences_missing', { detail: `the worker found them faulty on ${cluster}` })
    const since = ctx.clock().getTime() - (fencesProvedAt?.getTime() ?? Number.NEGATIVE_INFINITY)
    if (since < 0 || since > workersProofForMs) await assertFences(ctx, ctx.clusters.get(cluster))
  }
  const proof = prove()
  // Not awaited if the namespace fails first.
  proof.catch(() => {})
  return proof
}

/** Binds people only after the fences are proved: without them, a role would reach too far. */
async function giveAccess(
  ctx: SystemContext,
  cluster: Cluster,
  { wanted, observedGeneration, isNew }: LoadedSpace & { isNew: boolean },
  rendered: RenderedSpace,
  fences: Promise<void>,
): Promise<void> {
  try {
    // A person's ServiceAccount alone grants nothing. If an existing namespace is gone, so may be the ServiceAccounts.
    await joined([fences, ensurePeople(cluster, rendered.people, { force: isNew && observedGeneration > 0 })])
  } catch (error) {
    if (!isNew)
      await removeAccess(cluster, wanted.namespace, rendered).catch((failure: unknown) =>
        ctx.log.warn({ error: failure, spaceId: wanted.id }, 'could not remove access; it will be retried'),
      )
    throw error
  }
  await joined(rendered.access.map((manifest) => applyObject(cluster, manifest)))
  if (isNew) return
  const held = new Set(wanted.members.map(({ role }) => role))
  const superfluous = roles.filter((role) => !held.has(role))
  await joined(
    superfluous.map((role) =>
      deleteObject(cluster, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        namespace: wanted.namespace,
        name: `spaceport:${role}`,
      }),
    ),
  )
  ctx.log.debug({ spaceId: wanted.id, removed: superfluous }, 'unneeded bindings removed')
}

/** Verifies with the API server that the owner has access; a deactivated owner needs none. */
async function verifyAccess(ctx: Patience, cluster: Cluster, wanted: DesiredSpace): Promise<void> {
  if (!wanted.members.some(({ member }) => member.userId === wanted.owner.userId)) return
  const question = { namespace: wanted.namespace, verb: 'create', group: 'apps', resource: 'deployments' }
  await untilEffective(ctx, () => mayPerson(cluster, wanted.owner.handle, question), 'access_not_effective')
}

/** Verifies that the cluster enforces the space's quota: before that, members could create any number of objects. */
const verifyLimits = (ctx: Patience, cluster: Cluster, { namespace }: DesiredSpace): Promise<void> =>
  untilEffective(ctx, () => isQuotaCounted(cluster, namespace), 'limits_not_effective')

/** Polls until the cluster says yes. @throws AppError with the given code if that takes too long; what `ask` throws */
async function untilEffective(
  { effectiveWithinMs }: Patience,
  ask: () => Promise<boolean>,
  otherwise: ErrorCode,
): Promise<void> {
  const givesUpAt = performance.now() + effectiveWithinMs
  for (let pauseMs = 10; !(await ask()); pauseMs = Math.min(1.5 * pauseMs, 320)) {
    if (performance.now() > givesUpAt) throw new AppError(otherwise)
    await delay(pauseMs)
  }
}

/** Waits for all, then throws the first failure, so that nothing is left running. */
async function joined(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}
