import { deleteTrailExportsBefore } from '#lib/features/audit/db/write-trail-export.ts'
import { exportKeptMs } from '#lib/features/audit/model/trail-export.ts'
import { runTrailCheck } from '#lib/features/audit/use-cases/run-trail-check.ts'
import { scheduleVerification } from '#lib/features/audit/use-cases/schedule-verification.ts'
import { makeMonthsAhead, sealInTurn } from '#lib/features/audit/use-cases/seal-waiting.ts'
import { signInTurn } from '#lib/features/audit/use-cases/sign-checkpoint.ts'
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
import { pauseGroups } from '#lib/kernel/reconcile/suspend-groups.ts'
import { notifyPushedSuspension, pausePushedGroups } from '#lib/kernel/reconcile/suspend-pushed-groups.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { deleteAccessChanges, forgetDeliveries, indexTrail } from '#lib/worker/db/housekeeping.ts'
import { selectUnsettled } from '#lib/worker/db/space-status.ts'
import { type Repeated, repeat } from './repeat.ts'

type Schedule = Repeated &
  (
    | { run: (ctx: SystemContext) => Promise<unknown> }
    /** Runs for each cluster separately: one that hangs doesn't hold up the others. */
    | { runFor: (ctx: SystemContext, cluster: string) => Promise<unknown> }
  )

const seal = sealInTurn()

/**
 * Everything that every worker does on a schedule. Each is safe to run in several workers at once, and the next run
 * catches what one misses. What one worker does for all is in lead-clusters.ts.
 */
const schedules: readonly Schedule[] = [
  { name: 'expire what is due', everyMs: 2_000, firstMs: 0, run: expireDue },
  { name: 'pause roles from groups', everyMs: 2_000, firstMs: 1_000, run: pauseGroups },
  { name: 'pause roles from pushed groups', everyMs: 5_000, firstMs: 1_500, run: pausePushedGroups },
  { name: 'resume unsettled spaces', everyMs: 5_000, firstMs: 1_000, run: resumeUnsettled },
  { name: 'resume what waited for a cluster', everyMs: 2_000, firstMs: 1_000, runFor: resumeInTurn() },
  { name: 'ask what people who left may still do', everyMs: 2_000, firstMs: 2_000, runFor: proveOffboardings },
  { name: 'start, fill and close reviews', everyMs: 2_000, firstMs: 2_000, run: advanceReviews },
  { name: 'look after open reviews', everyMs: 60_000, firstMs: 8_000, run: remindReviewers },
  { name: 'read the bindings that reviews are about', everyMs: 2_000, firstMs: 3_000, runFor: observeReviewed },
  { name: 'prove the fences', everyMs: 5_000, firstMs: 0, runFor: proveFencesInTurn() },
  { name: 'tell what ends in the next days', everyMs: 60_000, firstMs: 5_000, run: notifyExpirations },
  { name: 'tell which short roles end', everyMs: 15_000, firstMs: 2_000, run: notifyExpiringRoles },
  { name: 'tell whose roles from groups pause', everyMs: 60_000, firstMs: 6_000, run: notifyStaleGroups },
  { name: 'tell when pushed groups pause', everyMs: 600_000, firstMs: 7_000, run: notifyPushedSuspension },
  { name: 'deactivate people whom nobody sees', everyMs: 60_000, firstMs: 8_000, run: deactivateUnseen },
  { name: 'seal the trail', everyMs: 500, firstMs: 0, run: seal },
  { name: 'make months of the trail', everyMs: 3_600_000, firstMs: 0, run: makeMonthsAhead },
  { name: 'begin the nightly verification of the trail', everyMs: 60_000, firstMs: 15_000, run: scheduleVerification },
  { name: 'tell who misuses Spaceport’s identities', everyMs: 10_000, firstMs: 3_000, run: notifyUnmatched },
  { name: 'add what was counted of clusters’ audit', everyMs: 15_000, firstMs: 5_000, run: addCounted },
  { name: 'write missing outcomes', everyMs: 60_000, firstMs: 3_000, run: writeMissingOutcomes },
  { name: 'index the words of the trail', everyMs: 1_000, firstMs: 2_000, run: indexWords },
  { name: 'forget old changes of access', everyMs: 60_000, firstMs: 10_000, run: forgetAccessChanges },
  { name: 'forget who was seen on clusters long ago', everyMs: 600_000, firstMs: 25_000, run: forgetOldDirectAccess },
  { name: 'forget old samples of usage', everyMs: 300_000, firstMs: 30_000, run: forgetUsageSamples },
  { name: 'forget old deliveries', everyMs: 600_000, firstMs: 20_000, run: forgetOldDeliveries },
  { name: 'remove old exports of the trail', everyMs: 60_000, firstMs: 9_000, run: removeOldExports },
]

/** Proves intact fences every minute and faulty ones every time, so that access returns soon after they do. */
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

/** Chunks of the trail that are indexed in one transaction, and milliseconds in which more of them are begun. */
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
 * Runs the schedules, each independent of the others.
 * @param mailer the mail server, if there is one
 * @param checkpointKey signs the trail's checkpoints; empty: there are none
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
  const sign = checkpointKey === '' ? async () => undefined : signInTurn(checkpointKey)
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
      // What it wrote last is sealed and signed too, if Postgres is there.
      await seal(ctx)
        .then(() => sign(ctx))
        .catch((error: unknown) => ctx.log.warn({ error }, 'the trail was not signed at the end'))
    },
  }
}
