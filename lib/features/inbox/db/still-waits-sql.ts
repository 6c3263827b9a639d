import { Prisma } from '#lib/kernel/db/client.ts'
import { waitsInReviewSql } from '#lib/kernel/db/requests/review-sql.ts'
import { type Decider, deciderOf } from '#lib/kernel/db/requests/select-requests.ts'
import { openOfferSql, waitingSql } from '#lib/kernel/db/requests/waiting-sql.ts'

/**
 * Whether an event `e` is about a request, a review or an offer that waits for its reader, as SQL. The inbox lists
 * these themselves, by the same conditions. An unread event isn't one of them: it is counted until it is read, so it
 * has to be shown.
 */
export function stillWaitsSql(reader: Decider): Prisma.Sql {
  const decider = deciderOf(reader)
  const { person, at } = decider
  // Events don't name their offer. A space has one open offer at a time, so those after its start are about it.
  return Prisma.sql`
    e.read_at IS NOT NULL AND CASE
      WHEN e.kind IN ('request-waiting', 'request-approved-once') THEN EXISTS (
        SELECT FROM request r LEFT JOIN space s ON s.id = r.space_id
        WHERE r.id = (e.data ->> 'request')::uuid AND ${waitingSql(decider)})
      WHEN e.kind = 'review-waiting' THEN EXISTS (
        SELECT FROM review v WHERE v.id = (e.data ->> 'review')::uuid AND ${waitsInReviewSql({ ...person, at })})
      WHEN e.kind = 'offer-received' THEN EXISTS (
        SELECT FROM space_offer f JOIN space s ON s.id = f.space_id
        WHERE f.to_id = e.user_id AND f.space_id = e.space_id AND f.created_at <= e.created_at AND ${openOfferSql(at)})
      ELSE FALSE END`
}
