import { setTimeout as delay } from 'node:timers/promises'
import { markAsBusy } from '#lib/kernel/db/busy-sessions.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { type Blocked, inUnblockedTransaction } from '#lib/kernel/db/end-blockers.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { readCommitOutcome } from '#lib/kernel/db/read-commit-outcome.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import type { SystemContext } from './context.ts'

/** How long to ask for the outcome of a commit, on new connections. */
const maxAskMs = 5_000
const pauseMs = 50

export type CommitOptions = {
  patienceMs?: number | undefined
  /** Whether it ends a person's access: then no lock can block it (end-blockers.ts). */
  endsAccess?: boolean | undefined
}

/**
 * Makes a change and its intent in one transaction. If the commit's answer is lost, asks the database whether the
 * change is durable: a completed change is never reported as not done.
 * @returns what `change` returned, once it is durable
 * @throws what `change` or the database throws: then nothing was done; AppError outcome_unknown when that can't be
 * determined
 */
export async function commitChange<T>(
  ctx: SystemContext,
  intent: AuditEventInput & { id: string },
  change: (tx: Tx) => Promise<T>,
  { patienceMs, endsAccess = false }: CommitOptions = {},
): Promise<T> {
  const sent: { result: T; transaction: string }[] = []
  const marks: (() => void)[] = []
  const work = async (tx: Tx) => {
    const transaction = await writeEventInTx(tx, intent)
    // An identity provider's change may come from a thief, and takes long.
    if (!('provisioner' in ctx)) marks.push(markAsBusy(tx))
    const result = await change(tx)
    sent.push({ result, transaction })
    return result
  }
  try {
    return await (endsAccess
      ? inUnblockedTransaction(unblocking(ctx), work, patienceMs)
      : inTransaction(ctx.db, work, patienceMs))
  } catch (cause) {
    const commit = sent.at(-1)
    // No commit was sent, so the database rolls back.
    if (commit === undefined) throw cause
    const fate = await askForOutcome(ctx, intent.id, commit.transaction)
    if (fate === 'done') return commit.result
    if (fate === 'not done') throw cause
    throw new AppError('outcome_unknown', { cause })
  } finally {
    for (const unmark of marks) unmark()
  }
}

async function askForOutcome(ctx: SystemContext, eventId: string, transaction: string) {
  const giveUp = performance.now() + maxAskMs
  while (performance.now() < giveUp) {
    const fate = await readCommitOutcome(ctx.pool, { eventId, transaction }).catch(() => 'no answer' as const)
    if (fate === 'done' || fate === 'not done') return fate
    await delay(pauseMs)
  }
  return 'unknown'
}

export const unblocking = (ctx: SystemContext): Blocked => ({
  db: ctx.db,
  pool: ctx.pool,
  log: ctx.log,
  sparesOwn: 'provisioner' in ctx,
})
