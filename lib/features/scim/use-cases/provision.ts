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

/** Changes of one token that wait for their turn in this process. */
const maxWaiting = 20

/**
 * Runs the changes of a provisioning token one after the other, so that they take one connection of this process at most and
 * people's changes find the others. (Across processes: lib/kernel/db/scim/find-scim-token.ts.)
 * @throws AppError rate_limited when too many wait already; what `run` throws
 */
async function inProvisioningTurn<T>(tokenId: string, run: () => Promise<T>): Promise<T> {
  const queues = processValue('provisioning-queues', () => createQueues(1))
  if (queues.waiting(tokenId) >= maxWaiting)
    throw new AppError('rate_limited', { sentence: 'Too many changes at once. Send fewer at a time.' })
  return queues.run(tokenId, run)
}

/** What the identity provider may do. */
export type Provision<I, O> = (ctx: ProvisionerContext, input: I) => Promise<O>

/** A group may have thousands of members. */
const patienceMs = 30_000

/** Makes a read of what is provisioned. It isn't in the trail. */
export const viewProvisioned =
  <I, O>(read: (ctx: ProvisioningContext, input: I) => Promise<O>): Provision<I, O> =>
  (ctx, input) =>
    read(ProvisionerContext.open(ctx), input)

type Given<I, O> = {
  ctx: ProvisioningChange
  tx: Tx
  input: I
  about: Recording['about']
  /** Rolls everything back, the intent included: there is nothing to change, and `result` is how it is. */
  undo(result: O): never
}

/**
 * Makes a change by the identity provider: one transaction of the intent, the change, and the token checked again and
 * held, all or nothing; then the outcome. The changes of one token take turns. While provisioning is frozen, nothing
 * changes.
 */
export const changeProvisioned =
  <I, O>({
    action,
    about,
    endsAccess = false,
    write,
  }: {
    action: AuditAction
    /** Whether it may end access: other processes' sessions that keep it waiting are ended (end-blockers.ts). */
    endsAccess?: boolean
    /** What the trail records from the start, even if the change is refused. */
    about: (input: I) => About
    write: (given: Given<I, O>) => Promise<O>
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
            // Last, and so for a moment: changes that overlap would keep an admin from revoking it otherwise.
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
    return inProvisioningTurn(tokenId, () => recorded(ctx, action, about(input), change, { endsAccess }))
  }
