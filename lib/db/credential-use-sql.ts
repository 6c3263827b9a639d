import { Prisma } from './client.ts'

/** The uses of credentials `k`, as `n`. */
export const credentialUseJoin = Prisma.sql`LEFT JOIN credential_use n ON n.credential_id = k.id`

/** When credential `k` was last used: `k.last_used_at` is from gateways of earlier releases. */
export const lastUsedAtSql = Prisma.sql`greatest(n.last_used_at, k.last_used_at)`

const isOlder = Prisma.sql`n.last_used_at IS NULL OR n.last_used_at < k.last_used_at`

/** When, from where and with which client credential `k` was last used, as columns. */
export const lastUseColumns = Prisma.sql`${lastUsedAtSql} AS "lastUsedAt",
  CASE WHEN ${isOlder} THEN k.last_used_address ELSE n.address END AS "lastUsedAddress",
  CASE WHEN ${isOlder} THEN k.last_used_client ELSE n.client END AS "lastUsedClient"`
