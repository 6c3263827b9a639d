/**
 * Proves that an offboarded person has no access left. A certificate must never be completed while a cluster hasn't
 * answered no to every question about every space, or bindings of the person's spaces still have to be rewritten.
 */

import { createHash } from 'node:crypto'
import {
  type OffboardingPart,
  type PartProgress,
  savePart,
  selectSpacesOnCluster,
  takeOffboardingPart,
} from '#lib/features/offboarding/db/offboarding-parts.ts'
import { findFullyAnswered, holdOffboarding, saveCertificate } from '#lib/features/offboarding/db/offboardings.ts'
import { clusterQuestions, spaceQuestions } from '#lib/features/offboarding/model/offboarding-questions.ts'
import { renderCertificate } from '#lib/features/offboarding/model/render-certificate.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { maxStillAllowed, type StillAllowed } from '#lib/kernel/model/people/offboarding.ts'
import { retrySeconds } from '#lib/kernel/model/retry-delay.ts'
import { removePerson } from '#lib/kernel/reconcile/ensure-people.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { isPersonThere } from '#lib/kube/people/is-person-there.ts'
import { findAllowed, type Place } from './check-clusters.ts'

/** Spaces per step. A step is repeated if its process dies. */
const batch = 100
/** Longer than a step takes on a responsive cluster. An unresponsive one fails sooner. */
const leaseMs = 120_000
/** Time limit of one run, so that the worker can stop. */
const runMs = 5_000
const roundMs = 1_000

/**
 * Asks a cluster what offboarded people can still do there: first every space, then, with backoff, the places with
 * access left. Stores the progress after each step, so that any worker can continue after a restart.
 * @returns the number of steps
 */
export async function proveOffboardings(ctx: SystemContext, clusterName: string): Promise<number> {
  const until = performance.now() + runMs
  for (let steps = 0; ; steps++) {
    const part =
      performance.now() < until ? await takeOffboardingPart(ctx.db, clusterName, { at: ctx.clock(), leaseMs }) : null
    if (!part) return steps
    await takeStep(ctx, ctx.clusters.get(clusterName), part)
  }
}

async function takeStep(ctx: SystemContext, cluster: Cluster, part: OffboardingPart): Promise<void> {
  try {
    await removePerson(cluster, part.handle)
    await (part.allAsked ? askAgain(ctx, cluster, part) : askNext(ctx, cluster, part))
  } catch (error) {
    if (!isAppError(error)) throw error
    ctx.log.warn(
      { error, cluster: cluster.name, person: part.handle },
      'could not check an offboarded person’s remaining access',
    )
    await save(ctx, part, { ...later(ctx, part), failureCode: error.code })
  }
}

/** Asks about the next spaces. */
async function askNext(ctx: SystemContext, cluster: Cluster, part: OffboardingPart): Promise<void> {
  const spaces = await selectSpacesOnCluster(ctx.db, part.clusterId, { after: part.after, limit: batch })
  const found = await findAllowed(cluster, part.handle, spaces.map(placeOf))
  const allowed = [...part.allowed, ...found]
  const allAsked = spaces.length < batch
  await save(ctx, part, {
    after: spaces.at(-1)?.namespace ?? part.after,
    allAsked,
    spaces: part.spaces + spaces.length,
    reviews: part.reviews + spaces.length * spaceQuestions.length,
    allowed: allowed.slice(0, maxStillAllowed),
    moreAllowed: part.moreAllowed || allowed.length > maxStillAllowed,
    // Bindings are usually rewritten within a second.
    nextAt: inMs(ctx, allAsked && allowed.length > 0 ? roundMs : 0),
  })
}

/** Asks again about places with access left, and about the whole cluster. */
async function askAgain(ctx: SystemContext, cluster: Cluster, part: OffboardingPart): Promise<void> {
  const places = [...part.allowed.filter(({ space }) => space !== null).map(placeOf), wholeCluster]
  const allowed = await findAllowed(cluster, part.handle, places)
  const reviews = part.reviews + (places.length - 1) * spaceQuestions.length + clusterQuestions.length
  const now = { ...later(ctx, part), allowed, reviews }
  if (allowed.length > 0) return save(ctx, part, now)
  // More places than are stored had access, so all are asked again.
  if (part.moreAllowed)
    return save(ctx, part, { ...now, after: '', allAsked: false, spaces: 0, moreAllowed: false, nextAt: ctx.clock() })
  if (part.unsettled.length > 0) return save(ctx, part, now)
  // A reconcile in progress may have restored it. Once all spaces were settled, none was in progress.
  if (await isPersonThere(cluster, part.handle)) return save(ctx, part, { ...now, nextAt: inMs(ctx, roundMs) })
  const finishedAt = ctx.clock()
  await inTransaction(ctx.db, (tx) =>
    completeOffboarding(ctx, tx, part, { ...startOf(part), ...now, failures: 0, failureCode: null, finishedAt }),
  )
}

const wholeCluster: Place = { space: null, questions: clusterQuestions }

type OfSpace = { name: string; namespace: string } | StillAllowed
const placeOf = (of: OfSpace): Place => ({
  space: 'questions' in of ? of.space : of,
  questions: spaceQuestions,
})

const inMs = (ctx: SystemContext, ms: number): Date => new Date(ctx.clock().getTime() + ms)

function later(ctx: SystemContext, { failures }: OffboardingPart): Pick<PartProgress, 'failures' | 'nextAt'> {
  const random = Buffer.from(ctx.randomBytes(4)).readUInt32BE() / 2 ** 32
  return {
    failures: failures + 1,
    nextAt: inMs(ctx, retrySeconds('cluster_busy', failures + 1, random) * 1_000),
  }
}

const startOf = ({ after, allAsked, spaces, reviews, allowed, moreAllowed }: OffboardingPart) => ({
  after,
  allAsked,
  spaces,
  reviews,
  allowed,
  moreAllowed,
})

async function save(ctx: SystemContext, part: OffboardingPart, change: Partial<PartProgress> & { nextAt: Date }) {
  await savePart(ctx.db, part, { ...startOf(part), failures: 0, failureCode: null, ...change })
}

/**
 * Records that a cluster denies all access. The last one completes the certificate: its hash goes into the trail, and
 * the admin who offboarded the person is notified.
 */
async function completeOffboarding(
  ctx: SystemContext,
  tx: Tx,
  part: OffboardingPart,
  progress: PartProgress & { finishedAt: Date },
): Promise<void> {
  await holdOffboarding(tx, part.offboardingId)
  if (!(await savePart(tx, part, progress))) return
  const answered = await findFullyAnswered(tx, part.offboardingId)
  if (!answered) return
  const at = ctx.clock()
  const { id, person, personId, byId, clusters } = answered
  const text = renderCertificate(answered, at)
  const hash = createHash('sha256').update(text).digest('hex')
  await saveCertificate(tx, id, { text, hash, at })
  await writeSystemEvent(ctx, tx, {
    action: 'offboarding.complete',
    target: { kind: 'person', id: personId, name: person.handle },
    destination: 'portal',
    detail: { offboarding: id, sha256: hash, clusters: clusters.map(({ name, spaces }) => ({ name, spaces })) },
  })
  const { handle, name } = person
  await notifyPeople(ctx, tx, { kind: 'offboarding-complete', person: { handle, name } }, { to: [byId] })
}
