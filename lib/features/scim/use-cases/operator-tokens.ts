import { randomBytes, randomUUID } from 'node:crypto'
import { markScimTokenRevoked } from '#lib/features/scim/db/scim-tokens.ts'
import { makeProvisioningToken } from '#lib/kernel/credentials/token.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { selectIssuers } from '#lib/kernel/db/people/select-issuers.ts'
import { findScimTokenById } from '#lib/kernel/db/scim/find-scim-token.ts'
import { insertScimToken } from '#lib/kernel/db/scim/insert-scim-token.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'

/** The services of the operator's command: the database, as the owner of its tables. */
type Services = { db: Db; issuer: string; hostname: string; at: Date }

/**
 * Creates a provisioning token without a responsible person, and notifies all platform admins.
 * @returns the token, shown only once: the database stores its hash
 * @throws AppError provisioning_tokens if two are active
 */
export async function createOperatorToken(
  { db, issuer, hostname, at }: Services,
  { name, expiresAt }: { name: string; expiresAt: Date },
): Promise<{ id: string; token: string }> {
  const { token, hash } = makeProvisioningToken(randomBytes)
  const id = randomUUID()
  await inTransaction(db, async (tx) => {
    if (!(await insertScimToken(tx, { id, name, hash, at, expiresAt, byId: null, makers: [] })))
      throw new AppError('provisioning_tokens')
    const detail = { expiresAt: expiresAt.toISOString() }
    await record(tx, 'provisioning.token-create', { id, name, detail }, { hostname, at })
    const admins = await selectAdminIds(tx, [issuer, ...(await selectIssuers(tx))])
    const event = { kind: 'token-created', name, by: null, approvedBy: null, ...detail } as const
    await insertInboxEvents(
      tx,
      admins.map((to) => ({ to, event, spaceId: null })),
      at,
    )
  })
  return { id, token }
}

/**
 * Revokes any provisioning token.
 * @returns its name; null if no active token has that id
 */
export const revokeTokenByOperator = ({ db, hostname, at }: Services, id: string): Promise<string | null> =>
  inTransaction(db, async (tx) => {
    const token = await findScimTokenById(tx, id)
    if (!token || !(await markScimTokenRevoked(tx, id, { at, byId: null }))) return null
    await record(tx, 'provisioning.token-revoke', { id, name: token.name, detail: {} }, { hostname, at })
    return token.name
  })

type TokenEvent = { id: string; name: string; detail: Record<string, unknown> }

const record = (
  tx: Tx,
  action: 'provisioning.token-create' | 'provisioning.token-revoke',
  { id, name, detail }: TokenEvent,
  { hostname, at }: { hostname: string; at: Date },
): Promise<unknown> =>
  writeEventInTx(tx, {
    action,
    at,
    actor: { kind: 'system', name: 'command' },
    target: { kind: 'provisioning-token', id, name },
    observer: observerOf('command', hostname),
    destination: 'portal',
    outcome: 'ok',
    detail,
  })
