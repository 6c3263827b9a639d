import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

export async function insertBreakGlassCode(tx: Tx, codeHash: Uint8Array<ArrayBuffer>, at: Date): Promise<void> {
  await tx.breakGlassCode.create({ data: { id: randomUUID(), codeHash, createdAt: at } })
}

/**
 * Revokes the unused codes. Until the transaction ends, no other one can create or use a code.
 * @returns how many
 */
export async function deleteUnusedCodes(tx: Tx): Promise<number> {
  await tx.$executeRaw`LOCK TABLE break_glass_code IN EXCLUSIVE MODE`
  const { count } = await tx.breakGlassCode.deleteMany({ where: { usedAt: null } })
  return count
}

/** @returns when the unused code was created; null: there is none */
export async function findUnusedCode(tx: Tx): Promise<{ createdAt: Date } | null> {
  return tx.breakGlassCode.findFirst({
    where: { usedAt: null },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  })
}

export async function isBreakGlassCode(db: Db, codeHash: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return (await db.breakGlassCode.count({ where: { codeHash, usedAt: null } })) > 0
}

/**
 * Locks an unused code until the transaction ends.
 * @returns its id; null: there is no such code
 */
export async function lockBreakGlassCode(tx: Tx, codeHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM break_glass_code WHERE code_hash = ${codeHash} AND used_at IS NULL FOR UPDATE`
  return row?.id ?? null
}

export type BreakGlassPerson = { userId: string; handle: string; name: string }

/** Uses a locked code: creates its person, who is a platform admin until the given time. */
export async function redeemBreakGlassCode(
  tx: Tx,
  codeId: string,
  { userId, handle, name }: BreakGlassPerson,
  { at, until, sourceAddress }: { at: Date; until: Date; sourceAddress: string | null },
): Promise<void> {
  await tx.user.create({
    data: {
      id: userId,
      issuer: breakGlassIssuer,
      subject: codeId,
      handle,
      name,
      email: '',
      // No group gave the role, so it doesn't count as an admin elsewhere.
      platformRole: 'member',
      adminUntil: until,
      createdAt: at,
      lastSignInAt: at,
      groupsVerifiedAt: at,
    },
    select: { id: true },
  })
  await tx.breakGlassCode.update({
    where: { id: codeId },
    data: { usedAt: at, usedById: userId, sourceAddress },
    select: { id: true },
  })
}
