import { randomBytes } from 'node:crypto'
import { deleteUnusedCodes, findUnusedCode, insertBreakGlassCode } from '#lib/auth/db/break-glass-codes.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { selectIssuers } from '#lib/kernel/db/people/select-issuers.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { breakGlassCodeBytes, renderBreakGlassCode } from '#lib/kernel/model/people/break-glass-account.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { hashBreakGlassCode } from './hash-code.ts'

/** The database, as the owner of its tables. */
type Services = { db: Db; issuer: string; hostname: string; at: Date }

/**
 * Creates a break-glass code, revokes the unused one and notifies the admins.
 * @returns the code, to be printed; only its hash is stored
 */
export async function createBreakGlassCode({ db, issuer, hostname, at }: Services): Promise<string> {
  const code = renderBreakGlassCode(randomBytes(breakGlassCodeBytes))
  await inTransaction(db, async (tx) => {
    const replaced = await deleteUnusedCodes(tx)
    await insertBreakGlassCode(tx, hashBreakGlassCode(code), at)
    await record(tx, 'break-glass-code.create', { replaced }, { hostname, at })
    const admins = await selectAdminIds(tx, [issuer, ...(await selectIssuers(tx))])
    const event = { kind: 'break-glass-code-created' as const }
    await insertInboxEvents(
      tx,
      admins.map((to) => ({ to, event, spaceId: null })),
      at,
    )
  })
  return code
}

/**
 * Revokes the unused code.
 * @returns how many there were
 */
export const voidCodes = ({ db, hostname, at }: Services): Promise<number> =>
  inTransaction(db, async (tx) => {
    const replaced = await deleteUnusedCodes(tx)
    if (replaced > 0) await record(tx, 'break-glass-code.void', { replaced }, { hostname, at })
    return replaced
  })

/** @returns when the unused code was created; null: there is none */
export const readBreakGlassState = ({ db }: Services): Promise<Date | null> =>
  inTransaction(db, async (tx) => (await findUnusedCode(tx))?.createdAt ?? null)

const record = (
  tx: Tx,
  action: 'break-glass-code.create' | 'break-glass-code.void',
  detail: { replaced: number },
  { hostname, at }: { hostname: string; at: Date },
): Promise<unknown> =>
  writeEventInTx(tx, {
    action,
    at,
    actor: { kind: 'system', name: 'command' },
    target: { kind: 'break-glass-code' },
    observer: observerOf('command', hostname),
    destination: 'portal',
    outcome: 'ok',
    detail,
  })
