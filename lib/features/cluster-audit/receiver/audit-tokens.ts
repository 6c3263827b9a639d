import { randomBytes } from 'node:crypto'
import {
  hasAuditToken,
  insertAuditToken,
  revokeAuditTokens,
} from '#lib/features/cluster-audit/db/cluster-audit-tokens.ts'
import { hashToken, makeAuditToken } from '#lib/kernel/credentials/token.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { observerOf } from '#lib/kernel/model/audit/observer.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'

/** What the operator’s command works with: the database as the owner of its tables. */
type Services = { db: Db; hostname: string; at: Date }

/**
 * Makes a token with which a cluster’s API server sends its audit. The one before it stays in force, older ones don’t.
 * @returns it, for the webhook’s kubeconfig: only its hash is kept
 */
export async function makeClusterToken(services: Services, cluster: string): Promise<string> {
  const { token } = makeAuditToken(randomBytes)
  await admitClusterToken(services, cluster, token)
  return token
}

/** An operator’s command, or a stack’s start: it waits rather than fail on a busy machine. */
const patienceMs = 60_000

/** Puts a token in force that was made before, once. @see makeAuditToken */
export const admitClusterToken = ({ db, hostname, at }: Services, cluster: string, token: string): Promise<void> =>
  inTransaction(
    db,
    async (tx) => {
      const hash = Uint8Array.from(hashToken(token))
      if (await hasAuditToken(tx, hash)) return
      const replaced = await insertAuditToken(tx, { cluster, hash, at })
      await record(tx, { action: 'audit-webhook.make', cluster, revoked: replaced }, { hostname, at })
    },
    patienceMs,
  )

/**
 * Takes back a cluster’s tokens: at once, whatever is sent with them is refused.
 * @param keep how many of the newest stay in force
 * @returns how many were taken back
 */
export const voidClusterTokens = ({ db, hostname, at }: Services, cluster: string, keep: 0 | 1): Promise<number> =>
  inTransaction(db, async (tx) => {
    const revoked = await revokeAuditTokens(tx, { cluster, keep, at })
    if (revoked > 0) await record(tx, { action: 'audit-webhook.void', cluster, revoked }, { hostname, at })
    return revoked
  })

type Recorded = { action: 'audit-webhook.make' | 'audit-webhook.void'; cluster: string; revoked: number }

const record = (tx: Tx, { action, cluster, revoked }: Recorded, { hostname, at }: Omit<Services, 'db'>) =>
  writeEventInTx(tx, {
    action,
    at,
    actor: { kind: 'system', name: 'command' },
    target: { kind: 'audit-webhook', name: cluster },
    observer: observerOf('command', hostname),
    destination: clusterDestination(cluster),
    outcome: 'ok',
    detail: { revoked },
  })
