import type { Tx } from '#lib/kernel/db/client.ts'
import { requestReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { reconcileInline } from '#lib/kernel/reconcile/reconcile-inline.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import type { Recording } from '#lib/kernel/use-case/recorded.ts'

/** A use case's planned change. `H` is the state held while it runs. */
export type Change<H, O> = Unchanged<O> | ExternalCall<O> | TransactionalChange<H, O>

/** Nothing to change: no transaction, no trail row. */
type Unchanged<O> = { result: O }

/** No change in our database: only an external call, after the intent. */
type ExternalCall<O> = { ask(): Promise<O> }

type TransactionalChange<H, O> = {
  /** People to lock in addition to the caller, before all other rows: those who gain or lose something. */
  people?: readonly string[]
  /** Time limit of a large transaction. */
  transactionMs?: number
  /** Makes the change, in the transaction of its intent. */
  write(held: H & Writing): Promise<O>
  /** The result if someone else made the same change at the same time, so that `write` called `undo`. */
  already?: O
  /** The space to reconcile, which may depend on the result. */
  reconcile?: Reconcile | ((result: O) => Reconcile | undefined) | undefined
  /** Makes the result from the change and the progress of the reconcile. */
  conclude?(result: O, reconciled: Awaited<ReturnType<typeof reconcileInline>>): Promise<O>
}

type Writing = {
  tx: Tx
  /**
   * Rolls everything back, including the intent: the same change made twice at once is one change, in the trail too.
   */
  undo(): never
}

/** `queued`: the change itself queues the job, as creation and deletion do. */
type Reconcile = { spaceId: string; queued?: boolean }

/**
 * Runs a change in one transaction: intent, second check of the right with locked rows, change, reconcile job. Then
 * reconciles inline.
 * @param hold locks the rows of the right and of affected people, and checks the right again
 */
export async function runChange<H, O>(
  ctx: BrokerContext,
  record: Recording,
  change: Change<H, O>,
  hold: (tx: Tx, people: readonly string[]) => Promise<H>,
): Promise<O> {
  if ('result' in change) return change.result
  if ('ask' in change) {
    await record.commit((tx) => hold(tx, []))
    return change.ask()
  }
  const { write, reconcile, conclude, people = [], transactionMs } = change
  const undone = new Error('someone else made this change first')
  const undo = (): never => {
    throw undone
  }
  const spaceOf = (made: O) => (typeof reconcile === 'function' ? reconcile(made) : reconcile)
  let result: O
  try {
    result = await record.commit(
      async (tx) => {
        const written = await write({ ...(await hold(tx, people)), tx, undo })
        await ctx.origin.declaredBy?.note?.(tx)
        const follows = spaceOf(written)
        if (follows && !follows.queued) await requestReconcile(tx, follows.spaceId)
        return written
      },
      { patienceMs: transactionMs },
    )
  } catch (error) {
    if (error === undone && 'already' in change) return change.already
    throw error
  }
  const follows = spaceOf(result)
  if (!follows) return result
  const reconciled = await reconcileInline(ctx, follows.spaceId)
  return conclude ? conclude(result, reconciled) : result
}
