import type { Tx } from '#lib/kernel/db/client.ts'

/** Removes a person's webhook; what waits for it is skipped when it is due. @returns whether they had one */
export const deleteWebhook = async (tx: Tx, userId: string): Promise<boolean> =>
  (await tx.webhook.deleteMany({ where: { userId } })).count > 0
