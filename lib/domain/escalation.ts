import { compareStanding, type Role, type Standing } from './role.ts'

/** What somebody holds in a space: a role until an instant, or open. */
export type Held = { standing: Standing; endsAt: Date | null }

/**
 * Whether a role until an instant (null: open) is more than somebody holds already: a greater role, or the same for longer.
 * @param held everything that they hold now, of their own and by groups
 */
export const isEscalation = (held: readonly Held[], role: Role, endsAt: Date | null): boolean =>
  !held.some(
    (holding) =>
      compareStanding(holding.standing, role) >= 0 &&
      (holding.endsAt === null || (endsAt !== null && holding.endsAt >= endsAt)),
  )
