import type { User } from '#lib/features/scim/protocol/user.ts'
import type { Tx } from '#lib/kernel/db/client.ts'

/** Adds what the provider knows about a person. @returns whether nobody else has their userName, externalId or account */
export async function insertScimUser(
  tx: Tx,
  { userName, externalId, displayName, attributes }: User,
  { id, userId, at }: { id: string; userId: string; at: Date },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO scim_user (id, user_id, user_name, external_id, display_name, attributes, created_at, modified_at)
    VALUES (${id}::uuid, ${userId}::uuid, ${userName}, ${externalId ?? null}, ${displayName ?? null}, ${JSON.stringify(attributes)}::jsonb, ${at}, ${at})
    ON CONFLICT DO NOTHING`
  return added > 0
}
