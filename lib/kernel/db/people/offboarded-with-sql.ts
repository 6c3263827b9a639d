import { Prisma } from '#lib/kernel/db/client.ts'

/** The other accounts that were offboarded in the same act as offboarding `o`, as SQL of OffboardedWith[]. */
export const offboardedWithSql = Prisma.raw(`(
  SELECT coalesce(json_agg(json_build_object('handle', a.handle, 'name', a.name, 'issuer', a.issuer, 'offboarding', w.id)
    ORDER BY a.handle COLLATE "C"), '[]')
  FROM offboarding w JOIN user_account a ON a.id = w.person_id WHERE w.act_id = o.act_id AND w.id <> o.id)`)
