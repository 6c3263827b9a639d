import { randomUUID } from 'node:crypto'
import type { OfficeAct } from '#lib/domain/office-act.ts'
import type { Tx } from './client.ts'

/** Adds a notice for a person, in the transaction of the act that it is about. */
export async function insertNotice(
  tx: Tx,
  notice: { userId: string; spaceId: string; act: OfficeAct; createdAt: Date },
): Promise<void> {
  await tx.notice.create({ data: { id: randomUUID(), ...notice } })
}
