import { compareStanding, type Role, type Standing } from './role.ts'

/** A person's access to a space: a standing until an instant, or without end. */
export type AccessSpan = { standing: Standing; endsAt: Date | null }

/**
 * Whether a role until an instant (null: no end) is higher than a person's own access, or lasts longer.
 * @param held all their access now, direct and through groups
 */
export const isEscalation = (held: readonly AccessSpan[], role: Role, endsAt: Date | null): boolean =>
  !held.some(
    (reportRow) =>
      compareStanding(reportRow.standing, role) >= 0 &&
      (reportRow.endsAt === null || (endsAt !== null && reportRow.endsAt >= endsAt)),
  )
