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

/** The context of the operator’s command: the database as its owner. */
type Services = { db: Db; hostname: string; at: Date }

/**
 * Creates a token for a cluster’s API server. The previous one stays valid, older ones are revoked.
 * @returns the token for the webhook’s kubeconfig; only its hash is stored
 */
export async function makeClusterToken(services: Services, cluster: string): Promise<string> {
  const { token } = makeAuditToken(randomBytes)
  await admitClusterToken(services, cluster, token)
  return token
}

/** For an operator’s command or the start of a stack, waiting is better than failing on a busy machine. */
const patienceMs = 60_000

/** Makes a given token valid, once. @see makeAuditToken */
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
 * Revokes a cluster’s tokens, with immediate effect.
 * @param keep how many of the newest stay valid
 * @returns how many were revoked
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
