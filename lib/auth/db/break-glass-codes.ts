import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { sealedIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

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

/** @returns whether a code works at the moment */
export async function isSealedCode(db: Db, codeHash: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return (await db.sealedCode.count({ where: { codeHash, usedAt: null } })) > 0
}

/** @returns the id of a code that nobody has used, held until the transaction ends; null: there is no such code */
export async function holdSealedCode(tx: Tx, codeHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM sealed_code WHERE code_hash = ${codeHash} AND used_at IS NULL FOR UPDATE`
  return row?.id ?? null
}

export type SealedPerson = { userId: string; handle: string; name: string }

/** Uses a code that is held: makes the person whom it lets in, a platform admin until an instant. */
export async function spendSealedCode(
  tx: Tx,
  codeId: string,
  { userId, handle, name }: SealedPerson,
  { at, until, sourceAddress }: { at: Date; until: Date; sourceAddress: string | null },
): Promise<void> {
  await tx.user.create({
    data: {
      id: userId,
      issuer: sealedIssuer,
      subject: codeId,
      handle,
      name,
      email: '',
      // No group gave it: whoever counts admins doesn't count it.
      platformRole: 'member',
      adminUntil: until,
      createdAt: at,
      lastSignInAt: at,
      groupsVerifiedAt: at,
    },
    select: { id: true },
  })
  await tx.sealedCode.update({
    where: { id: codeId },
    data: { usedAt: at, usedById: userId, sourceAddress },
    select: { id: true },
  })
}
