import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  type CheckpointClaim,
  isSignedBy,
  keyIdOf,
  parseStatement,
  publicJwk,
  readCheckpointKey,
  signCheckpoint,
} from '#lib/features/audit/chain/checkpoint.ts'
import {
  countSealedRows,
  insertCheckpoint,
  readBlockHash,
  readChainHead,
  selectUnverifiedCheckpoints,
} from '#lib/features/audit/db/chain/checkpoints.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

type Signed = Pick<CheckpointClaim, 'block' | 'hash' | 'rows'>

/**
 * Signs the head of the chain if it has grown. The log gets the checkpoint too, so log storage has one that the
 * database's owner can't reach. A worker never signs a chain that contradicts a checkpoint that it signed itself or
 * that has its key's signature. It trusts only signatures, no other data in the database.
 * @param privateKey as in the environment
 * @returns the schedule's run
 */
export function createCheckpointSigner(privateKey: string): (ctx: SystemContext) => Promise<void> {
  const key = readCheckpointKey(privateKey)
  const keyId = keyIdOf(key)
  const publicKey = JSON.stringify(publicJwk(key))
  const verifying = createPublicKey(key)
  let last: Signed | undefined

  return async (ctx) => {
    const head = await readChainHead(ctx.pool)
    const signed = await findSigned(ctx.pool, { key: verifying, keyId, upTo: head?.block ?? 0 })
    for (const { block, hash, found } of [
      ...(last ? [{ ...last, found: await readBlockHash(ctx.pool, last.block) }] : []),
      ...(signed ? [signed] : []),
    ])
      if (found !== null && found !== hash) {
        ctx.log.error(
          { block, signed: hash, found },
          'the trail’s chain is not the one that was signed; no checkpoint was made',
        )
        return
      }
    if (!head || head.block === last?.block || head.block === signed?.block) return
    const base = last && last.block > (signed?.block ?? 0) ? last : signed
    const rows = (base?.rows ?? 0) + (await countSealedRows(ctx.pool, base?.block ?? 0, head.block))
    const claim = { ...head, rows, origin: ctx.portalUrl, at: ctx.clock().toISOString() }
    const { statement, signature, at } = signCheckpoint(claim, key)
    const kept = await insertCheckpoint(ctx.pool, { ...head, rows, at, keyId, statement, signature, publicKey })
    last = { ...head, rows }
    ctx.log.info({ checkpoint: { statement, signature } }, 'the trail was signed')
    // Another worker with the same key may have been faster.
    if (kept || (await findSigned(ctx.pool, { key: verifying, keyId, upTo: head.block }))?.block === head.block) return
    ctx.log.error(
      { block: head.block },
      'a checkpoint with an invalid signature is stored in the place of the one in this log',
    )
  }
}

/** @returns the newest checkpoint that the key signed, and the current hash of its block */
async function findSigned(
  pool: Pool,
  { key, keyId, upTo }: { key: KeyObject; keyId: string; upTo: number },
): Promise<(Signed & { found: string | null }) | undefined> {
  for (const { block, found, ...checkpoint } of await selectUnverifiedCheckpoints(pool, keyId, upTo)) {
    const claim = parseStatement(checkpoint.statement)
    if (claim?.block === block && isSignedBy(checkpoint, key)) return { ...claim, found }
  }
  return undefined
}
