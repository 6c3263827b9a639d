import { runTrailCheck } from '#lib/broker/audit/run-trail-check.ts'
import { scheduleVerification } from '#lib/broker/audit/schedule-verification.ts'
import { makeMonthsAhead, sealInTurn } from '#lib/broker/audit/seal-waiting.ts'
import { signInTurn } from '#lib/broker/audit/sign-checkpoint.ts'
import { writeExports } from '#lib/broker/audit/write-exports.ts'
import { writeMissingOutcomes } from '#lib/broker/audit/write-missing-outcomes.ts'
import { checkFences } from '#lib/broker/clusters/check-fences.ts'
import { tellUnmatched } from '#lib/broker/clusters/tell-unmatched.ts'
import { tellEndingRoles } from '#lib/broker/inbox/tell-ending-roles.ts'
import { tellEndings } from '#lib/broker/inbox/tell-endings.ts'
import { tellPausingGroups } from '#lib/broker/inbox/tell-pausing-groups.ts'
import { sendDueMail } from '#lib/broker/mail/send-due-mail.ts'
import { proveOffboardings } from '#lib/broker/offboarding/prove-offboardings.ts'
import { deactivateUnseen } from '#lib/broker/people/deactivate-unseen.ts'
import { expireDue } from '#lib/broker/reconcile/expire-due.ts'
import { forgetUsageSamples } from '#lib/broker/reconcile/forget-usage-samples.ts'
import { pauseGroups } from '#lib/broker/reconcile/pause-groups.ts'
import { pausePushedGroups, tellPushedPause } from '#lib/broker/reconcile/pause-pushed-groups.ts'
import { resumeWaiting } from '#lib/broker/reconcile/resume-waiting.ts'
import { advanceReviews } from '#lib/broker/reviews/advance-reviews.ts'
import { observeReviewed } from '#lib/broker/reviews/observe-reviewed.ts'
import { lookAfterReviews } from '#lib/broker/reviews/tell-reviewers.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { createDeliverer } from '#lib/broker/webhook/deliver-webhooks.ts'
import { addCounted } from '#lib/cluster-audit/add-counted.ts'
import { deleteAccessChanges } from '#lib/db/delete-access-changes.ts'
import { enqueueReconcile } from '#lib/db/enqueue-reconcile.ts'
import { forgetDeliveries } from '#lib/db/forget-deliveries.ts'
import { indexTrail } from '#lib/db/index-trail.ts'
import { forgetSightings } from '#lib/db/note-sightings.ts'
import { accessChangesKeptMs } from '#lib/db/read-access-changes.ts'
import { selectUnsettled } from '#lib/db/select-unsettled.ts'
import { deleteTrailExportsBefore } from '#lib/db/write-trail-export.ts'
import { sightingKeptDays } from '#lib/domain/cluster-audit.ts'
import { exportKeptMs } from '#lib/domain/trail-export.ts'
import type { Mailer } from '#lib/mail/open-mailer.ts'
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
  { name: 'look after open reviews', everyMs: 60_000, firstMs: 8_000, run: lookAfterReviews },
  { name: 'read the bindings that reviews are about', everyMs: 2_000, firstMs: 3_000, runFor: observeReviewed },
  { name: 'prove the fences', everyMs: 5_000, firstMs: 0, runFor: proveFencesInTurn() },
  { name: 'tell what ends in the next days', everyMs: 60_000, firstMs: 5_000, run: tellEndings },
  { name: 'tell which short roles end', everyMs: 15_000, firstMs: 2_000, run: tellEndingRoles },
  { name: 'tell whose roles from groups pause', everyMs: 60_000, firstMs: 6_000, run: tellPausingGroups },
  { name: 'tell when pushed groups pause', everyMs: 600_000, firstMs: 7_000, run: tellPushedPause },
  { name: 'deactivate people whom nobody sees', everyMs: 60_000, firstMs: 8_000, run: deactivateUnseen },
  { name: 'seal the trail', everyMs: 500, firstMs: 0, run: seal },
  { name: 'make months of the trail', everyMs: 3_600_000, firstMs: 0, run: makeMonthsAhead },
  { name: 'begin the nightly verification of the trail', everyMs: 60_000, firstMs: 15_000, run: scheduleVerification },
  { name: 'tell who misuses Spaceport’s identities', everyMs: 10_000, firstMs: 3_000, run: tellUnmatched },
  { name: 'add what was counted of clusters’ audit', everyMs: 15_000, firstMs: 5_000, run: addCounted },
  { name: 'write missing outcomes', everyMs: 60_000, firstMs: 3_000, run: writeMissingOutcomes },
  { name: 'index the words of the trail', everyMs: 1_000, firstMs: 2_000, run: indexWords },
  { name: 'forget old changes of access', everyMs: 60_000, firstMs: 10_000, run: forgetAccessChanges },
  { name: 'forget who was seen on clusters long ago', everyMs: 600_000, firstMs: 25_000, run: forgetOldSightings },
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

function forgetOldSightings(ctx: SystemContext): Promise<void> {
  return forgetSightings(ctx.pool, new Date(ctx.clock().getTime() - sightingKeptDays * 24 * 3_600_000))
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
