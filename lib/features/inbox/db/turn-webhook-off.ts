import type { Tx } from '#lib/kernel/db/client.ts'

/** Turns a person's webhook off, if it still has the URL that is meant. @returns whether it was on */
export const turnWebhookOff = async (tx: Tx, userId: string, sealedUrl: string, at: Date): Promise<boolean> =>
  (await tx.webhook.updateMany({ where: { userId, sealedUrl, offAt: null }, data: { offAt: at } })).count > 0
