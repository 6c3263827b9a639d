import { Prisma } from './client.ts'

/**
 * Group membership, as SQL of a table (user_id, "group", group_issuer). A group is a name at one provider, and all its
 * members come from there. So compare both columns with those of a grant, best by `USING ("group", group_issuer)`:
 * another provider's group of the same name is a different group. Issuers have no trailing slash, as from `bareIssuer`.
 */
export const groupMemberText = `(
  SELECT ug.user_id, ug."group", rtrim(person.issuer, '/') AS group_issuer
  FROM user_group ug JOIN user_account person ON person.id = ug.user_id)`

export const groupMemberSql = Prisma.raw(groupMemberText)
