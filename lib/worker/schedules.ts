import { deleteTrailExportsBefore } from '#lib/features/audit/db/write-trail-export.ts'
import { exportKeptMs } from '#lib/features/audit/model/trail-export.ts'
import { runTrailCheck } from '#lib/features/audit/use-cases/run-trail-check.ts'
import { scheduleVerification } from '#lib/features/audit/use-cases/schedule-verification.ts'
import { createSealer, makeMonthsAhead } from '#lib/features/audit/use-cases/seal-waiting.ts'
import { createCheckpointSigner } from '#lib/features/audit/use-cases/sign-checkpoint.ts'
import { writeExports } from '#lib/features/audit/use-cases/write-exports.ts'
import { writeMissingOutcomes } from '#lib/features/audit/use-cases/write-missing-outcomes.ts'
import { deleteOldDirectAccess } from '#lib/features/cluster-audit/db/save-direct-access.ts'
import { addCounted } from '#lib/features/cluster-audit/receiver/add-counted.ts'
import { checkFences } from '#lib/features/clusters/use-cases/check-fences.ts'
import { notifyUnmatched } from '#lib/features/clusters/use-cases/notify-unmatched.ts'
import type { Mailer } from '#lib/features/inbox/mail/open-mailer.ts'
import { createDeliverer } from '#lib/features/inbox/use-cases/deliver-webhooks.ts'
import { notifyExpirations } from '#lib/features/inbox/use-cases/notify-expirations.ts'
import { notifyExpiringRoles } from '#lib/features/inbox/use-cases/notify-expiring-roles.ts'
import { notifyStaleGroups } from '#lib/features/inbox/use-cases/notify-stale-groups.ts'
import { sendDueMail } from '#lib/features/inbox/use-cases/send-due-mail.ts'
import { proveOffboardings } from '#lib/features/offboarding/use-cases/prove-offboardings.ts'
import { deactivateUnseen } from '#lib/features/people/use-cases/deactivate-unseen.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { remindReviewers } from '#lib/features/reviews/use-cases/notify-reviewers.ts'
import { observeReviewed } from '#lib/features/reviews/use-cases/observe-reviewed.ts'
import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { accessChangesKeptMs } from '#lib/kernel/db/spaces/read-access-changes.ts'
import { directAccessKeptDays } from '#lib/kernel/model/audit/cluster-audit.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { forgetUsageSamples } from '#lib/kernel/reconcile/forget-usage-samples.ts'
import { resumeWaiting } from '#lib/kernel/reconcile/resume-waiting.ts'
import { suspendGroups } from '#lib/kernel/reconcile/suspend-groups.ts'
import { notifyPushedSuspension, suspendPushedGroups } from '#lib/kernel/reconcile/suspend-pushed-groups.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { deleteAccessChanges, forgetDeliveries, indexTrail } from '#lib/worker/db/housekeeping.ts'
import { selectUnsettled } from '#lib/worker/db/space-status.ts'
import { type RepeatedTask, repeat } from './repeat.ts'

type Schedule = RepeatedTask &
  (
    | { run: (ctx: SystemContext) => Promise<unknown> }
    /** Runs for each cluster separately: one that hangs doesn't hold up the others. */
    | { runFor: (ctx: SystemContext, cluster: string) => Promise<unknown> }
  )

const seal = createSealer()

/**
 * Scheduled work of every worker. Each is safe to run in several workers at once, and the next run catches what one
 * misses. Work of a single worker is in lead-clusters.ts.
 */
const schedules: readonly Schedule[] = [
  { name: 'expire access and spaces', everyMs: 2_000, firstMs: 0, run: expireDue },
  { name: 'suspend roles from groups', everyMs: 2_000, firstMs: 1_000, run: suspendGroups },
  { name: 'suspend roles from provisioned groups', everyMs: 5_000, firstMs: 1_500, run: suspendPushedGroups },
  { name: 'resume unsettled spaces', everyMs: 5_000, firstMs: 1_000, run: resumeUnsettled },
  { name: 'resume spaces that waited for a cluster', everyMs: 2_000, firstMs: 1_000, runFor: resumeInTurn() },
  { name: 'check remaining access of departed users', everyMs: 2_000, firstMs: 2_000, runFor: proveOffboardings },
  { name: 'start, fill and close reviews', everyMs: 2_000, firstMs: 2_000, run: advanceReviews },
  { name: 'remind reviewers', everyMs: 60_000, firstMs: 8_000, run: remindReviewers },
  { name: 'read the bindings under review', everyMs: 2_000, firstMs: 3_000, runFor: observeReviewed },
  { name: 'prove the admission policies', everyMs: 5_000, firstMs: 0, runFor: proveFencesInTurn() },
  { name: 'notify about expirations of the next days', everyMs: 60_000, firstMs: 5_000, run: notifyExpirations },
  { name: 'notify about ending short roles', everyMs: 15_000, firstMs: 2_000, run: notifyExpiringRoles },
  { name: 'notify people with stale groups', everyMs: 60_000, firstMs: 6_000, run: notifyStaleGroups },
  { name: 'notify about stale provisioned groups', everyMs: 600_000, firstMs: 7_000, run: notifyPushedSuspension },
  { name: 'deactivate unused accounts', everyMs: 60_000, firstMs: 8_000, run: deactivateUnseen },
  { name: 'seal the trail', everyMs: 500, firstMs: 0, run: seal },
  { name: 'create partitions of the trail', everyMs: 3_600_000, firstMs: 0, run: makeMonthsAhead },
  { name: 'schedule the nightly trail verification', everyMs: 60_000, firstMs: 15_000, run: scheduleVerification },
  { name: 'notify about misuse of Spaceport’s identities', everyMs: 10_000, firstMs: 3_000, run: notifyUnmatched },
  { name: 'add counted events of cluster audit', everyMs: 15_000, firstMs: 5_000, run: addCounted },
  { name: 'write missing outcomes', everyMs: 60_000, firstMs: 3_000, run: writeMissingOutcomes },
  { name: 'index the words of the trail', everyMs: 1_000, firstMs: 2_000, run: indexWords },
  { name: 'delete old access changes', everyMs: 60_000, firstMs: 10_000, run: forgetAccessChanges },
  { name: 'delete old sightings of direct access', everyMs: 600_000, firstMs: 25_000, run: forgetOldDirectAccess },
  { name: 'delete old usage samples', everyMs: 300_000, firstMs: 30_000, run: forgetUsageSamples },
  { name: 'delete old deliveries', everyMs: 600_000, firstMs: 20_000, run: forgetOldDeliveries },
  { name: 'delete old exports of the trail', everyMs: 60_000, firstMs: 9_000, run: removeOldExports },
]

/**
 * Proves intact admission policies every minute and faulty ones every time, so that access returns soon after a repair.
 */
function proveFencesInTurn() {
  const due = new Map<string, number>()
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    if ((due.get(cluster) ?? 0) > performance.now()) return
    const faults = await checkFences(ctx, cluster)
    if (faults.length === 0) due.set(cluster, performance.now() + 60_000)
  }
}

function resumeInTurn() {
  const answering = new Map<string, boolean>()
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    answering.set(cluster, await resumeWaiting(ctx, cluster, answering.get(cluster) ?? false))
  }
}

async function resumeUnsettled(ctx: SystemContext): Promise<void> {
  for (const id of await selectUnsettled(ctx.db)) await enqueueReconcile(ctx.db, id, 0)
}

/** Chunks of the trail indexed per transaction, and for how many milliseconds to start further ones. */
const indexed = { atOnce: 20, forMs: 5_000 }

async function indexWords(ctx: SystemContext): Promise<void> {
  const began = performance.now()
  while ((await indexTrail(ctx.pool, indexed.atOnce)) > 0 && performance.now() - began < indexed.forMs);
}

function forgetAccessChanges(ctx: SystemContext): Promise<void> {
  return deleteAccessChanges(ctx.db, new Date(ctx.clock().getTime() - accessChangesKeptMs))
}

function forgetOldDirectAccess(ctx: SystemContext): Promise<void> {
  return deleteOldDirectAccess(ctx.pool, new Date(ctx.clock().getTime() - directAccessKeptDays * 24 * 3_600_000))
}

function forgetOldDeliveries(ctx: SystemContext): Promise<void> {
  return forgetDeliveries(ctx.db, ctx.clock())
}

function removeOldExports(ctx: SystemContext): Promise<void> {
  return deleteTrailExportsBefore(ctx.pool, new Date(ctx.clock().getTime() - exportKeptMs))
}

/**
 * @param mailer the mail server, if there is one
 * @param checkpointKey signs the trail's checkpoints; empty: no checkpoints
 */
export function startSchedules(
  ctx: SystemContext,
  mailer: Mailer | null,
  checkpointKey: string,
): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const { signal } = stopped
  const sendMail: Schedule = {
    name: 'send mail',
    everyMs: 2_000,
    firstMs: 1_000,
    run: (system) => sendDueMail(system, mailer),
  }
  const verify: Schedule = {
    name: 'verify the trail',
    everyMs: 1_000,
    firstMs: 4_000,
    run: (system) => runTrailCheck(system, signal),
  }
  const deliverer = createDeliverer()
  const deliver: Schedule = { name: 'deliver to webhooks', everyMs: 2_000, firstMs: 1_000, run: deliverer.start }
  const writeFiles: Schedule = {
    name: 'write exports of the trail',
    everyMs: 1_000,
    firstMs: 1_000,
    run: (system) => writeExports(system, signal),
  }
  const sign = checkpointKey === '' ? async () => undefined : createCheckpointSigner(checkpointKey)
  const signTrail: Schedule = { name: 'sign the trail', everyMs: 300_000, firstMs: 5_000, run: sign }
  const loops = [...schedules, sendMail, deliver, writeFiles, signTrail, verify].flatMap((schedule) => {
    if ('run' in schedule) return [repeat(ctx, schedule, () => schedule.run(ctx), { signal, about: {} })]
    return ctx.clusters.names.map((cluster) =>
      repeat(ctx, schedule, () => schedule.runFor(ctx, cluster), { signal, about: { cluster } }),
    )
  })
  return {
    async stop() {
      stopped.abort()
      await Promise.all(loops)
      await deliverer.settled()
      // Seals and signs its own last rows, if Postgres is available.
      await seal(ctx)
        .then(() => sign(ctx))
        .catch((error: unknown) => ctx.log.warn({ error }, 'the trail was not signed at the end'))
    },
  }
}
