import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'

/** Stores the hash of a code of the sealed account. */
export async function insertSealedCode(tx: Tx, codeHash: Uint8Array<ArrayBuffer>, at: Date): Promise<void> {
  await tx.sealedCode.create({ data: { id: randomUUID(), codeHash, createdAt: at } })
}

/**
 * Takes back the codes that nobody has used. Until the transaction ends, nobody else makes or uses one.
 * @returns how many
 */
export async function deleteUnusedCodes(tx: Tx): Promise<number> {
  await tx.$executeRaw`LOCK TABLE sealed_code IN EXCLUSIVE MODE`
  const { count } = await tx.sealedCode.deleteMany({ where: { usedAt: null } })
  return count
}

/** @returns when the code was made that still waits for its use; null: there is none */
export async function findUnusedCode(tx: Tx): Promise<{ createdAt: Date } | null> {
  return tx.sealedCode.findFirst({
    where: { usedAt: null },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  })
}
