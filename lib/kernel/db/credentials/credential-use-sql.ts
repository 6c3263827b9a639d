import { Prisma } from '#lib/kernel/db/client.ts'

export const credentialUseJoin = Prisma.sql`LEFT JOIN credential_use n ON n.credential_id = k.id`

/** When, from where and with which client credential `k` was last used. */
export const lastUseColumns = Prisma.sql`n.last_used_at AS "lastUsedAt", n.address AS "lastUsedAddress", n.client AS "lastUsedClient"`
