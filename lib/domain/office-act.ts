import type { Role } from './role.ts'

/** The person or group that an act is about. */
export type OfficeActTo = { kind: 'user'; name: string; handle: string } | { kind: 'group'; name: string }

/**
 * What a platform admin did to somebody’s space by office, as its owner sees it. Instants are ISO 8601, UTC; `endsAt`
 * null: no end.
 */
export type OfficeAct = { by: { handle: string; name: string }; reason: string } & (
  | { kind: 'grant'; to: OfficeActTo; role: Role; endsAt: string | null; before: Role | null }
  | { kind: 'offer'; to: OfficeActTo }
  | { kind: 'request'; to: OfficeActTo; role: Role; endsAt: string | null }
)

/** An act that the owner has not dismissed yet. */
export type OfficeNotice = { id: string; at: Date; space: { name: string; cluster: string }; act: OfficeAct }
