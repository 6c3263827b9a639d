import { Prisma } from './client.ts'

/**
 * Who is in which group, as SQL of a table (user_id, "group", group_issuer). A group is a name at one provider, and whoever
 * is in it comes from there. So compare both columns with those of a grant, best by `USING ("group", group_issuer)`: another
 * provider's group of the same name has nothing of this one. Issuers have no slash at their end, as by `bareIssuer`.
 */
export const groupMemberText = `(
  SELECT ug.user_id, ug."group", rtrim(person.issuer, '/') AS group_issuer
  FROM user_group ug JOIN user_account person ON person.id = ug.user_id)`

export const groupMemberSql = Prisma.raw(groupMemberText)
