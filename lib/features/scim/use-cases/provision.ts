import type { Tx } from '#lib/kernel/db/client.ts'
import { holdProvisioning, holdScimToken } from '#lib/kernel/db/scim/find-scim-token.ts'
import { isFrozen } from '#lib/kernel/db/scim/provisioning-freeze.ts'
import { createQueues } from '#lib/kernel/limits/queues.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { ProvisioningChange, ProvisioningContext } from '#lib/kernel/use-case/context.ts'
import { keepAnAdmin, notifyAdminKept } from '#lib/kernel/use-case/keep-an-admin.ts'
import { type About, type Recording, recorded } from '#lib/kernel/use-case/recorded.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { ProvisionerContext } from './provisioner-context.ts'
import { tokenRules } from './token-rules.ts'

/** Queued changes of one token in this process. */
const maxWaiting = 20

/**
 * Runs the changes of a provisioning token one at a time, so that they use at most one connection of this process.
 * (Across processes: lib/kernel/db/scim/find-scim-token.ts.)
 * @throws AppError rate_limited if the queue is full; any error of `run`
 */
async function inTokenQueue<T>(tokenId: string, run: () => Promise<T>): Promise<T> {
  const queues = processValue('provisioning-queues', () => createQueues(1))
  if (queues.waiting(tokenId) >= maxWaiting)
    throw new AppError('rate_limited', { sentence: 'Too many changes at once. Send fewer at a time.' })
  return queues.run(tokenId, run)
}

/** A use case for the identity provider. */
export type Provision<I, O> = (ctx: ProvisionerContext, input: I) => Promise<O>

/** A group may have thousands of members. */
const patienceMs = 30_000

/** Defines a read of provisioned data. Reads are not in the trail. */
export const viewProvisioned =
  <I, O>(read: (ctx: ProvisioningContext, input: I) => Promise<O>): Provision<I, O> =>
  (ctx, input) =>
    read(ProvisionerContext.open(ctx), input)

type WriteInput<I, O> = {
  ctx: ProvisioningChange
  tx: Tx
  input: I
  about: Recording['about']
  /** Rolls everything back, including the intent, and returns `result`: nothing had to change. */
  undo(result: O): never
}

/**
 * Defines a change by the identity provider. One transaction writes the intent, makes the change, and locks and
 * rechecks the token; the outcome follows. The changes of one token run one at a time. While provisioning is frozen,
 * every change is refused.
 */
export const changeProvisioned =
  <I, O>({
    action,
    about,
    endsAccess = false,
    write,
  }: {
    action: AuditAction
    /** Whether it may end access. If so, it terminates other processes' sessions that block it (end-blockers.ts). */
    endsAccess?: boolean
    /** Recorded in the trail from the start, even if the change is refused. */
    about: (input: I) => About
    write: (given: WriteInput<I, O>) => Promise<O>
  }): Provision<I, O> =>
  (sealed, input) => {
    const ctx: ProvisioningChange = { ...ProvisionerContext.open(sealed), lostAdmins: new Map() }
    const { tokenId } = ctx.provisioner
    const change = async (record: Recording): Promise<O> => {
      const undone: { result: O }[] = []
      const undo = (result: O): never => {
        undone.push({ result })
        throw new Error('nothing changes')
      }
      try {
        return await record.commit(
          async (tx) => {
            if (!(await holdProvisioning(tx, tokenId))) throw new AppError('scim_token')
            if (await isFrozen(tx)) throw new AppError('scim_frozen')
            const result = await write({ ctx, tx, input, about: record.about, undo })
            if (ctx.lostAdmins.size > 0) await keepAnAdmin(ctx, tx)
            // Last, to keep the lock short: overlapping changes would otherwise keep an admin from revoking the token.
            const held = await holdScimToken(tx, tokenId, tokenRules(ctx), [...ctx.lostAdmins.keys()])
            if (held !== 'in-force') throw new AppError(held === 'frozen' ? 'scim_frozen' : 'scim_token')
            return result
          },
          { patienceMs },
        )
      } catch (error) {
        const [unchanged] = undone
        if (unchanged) return unchanged.result
        if (isAppError(error, 'scim_last_admin')) await notifyAdminKept(ctx)
        throw error
      }
    }
    return inTokenQueue(tokenId, () => recorded(ctx, action, about(input), change, { endsAccess }))
  }
