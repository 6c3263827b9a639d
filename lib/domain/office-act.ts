import type { Role } from './role.ts'

/** Whom an act is about. */
export type OfficeActTo = { kind: 'user'; name: string; handle: string } | { kind: 'group'; name: string }

/**
 * What a platform admin did to somebody’s space by office, as its owner is told. Instants are ISO 8601, UTC; `endsAt` null:
 * for good.
 */
export type OfficeAct = { by: { handle: string; name: string }; reason: string } & (
  | { kind: 'grant'; to: OfficeActTo; role: Role; endsAt: string | null; before: Role | null }
  | { kind: 'offer'; to: OfficeActTo }
  | { kind: 'request'; to: OfficeActTo; role: Role; endsAt: string | null }
)

/** An act that a person has not said yet to have seen. */
export type OfficeNotice = { id: string; at: Date; space: { name: string; cluster: string }; act: OfficeAct }
