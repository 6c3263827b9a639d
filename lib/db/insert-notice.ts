import { randomUUID } from 'node:crypto'
import type { OfficeAct } from '#lib/domain/office-act.ts'
import type { Tx } from './client.ts'

/** Adds what a person is told of, in the transaction that does it. */
export async function insertNotice(
  tx: Tx,
  notice: { userId: string; spaceId: string; act: OfficeAct; createdAt: Date },
): Promise<void> {
  await tx.notice.create({ data: { id: randomUUID(), ...notice } })
}
