import type { Role } from '#lib/kernel/model/access/role.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type RequestState = 'open' | 'approved' | 'denied' | 'withdrawn' | 'expired'

/** `closed`: its requester was offboarded, or its space is being deleted. */
export type ShownRequestState = RequestState | 'closed'

/**
 * Requesters withdraw without a reason, and deadlines pass without one.
 * @returns the state as people see it
 */
export const shownState = (state: RequestState, decisionReason: string | null): ShownRequestState =>
  (state === 'withdrawn' || state === 'expired') && decisionReason !== null ? 'closed' : state

/**
 * The requested change, which never changes; approvals are bound to its hash. Instants are ISO 8601, UTC. A role can be
 * requested in a space that doesn't exist: `spaceId` is then random, and no approver sees the request.
 */
export type RequestPayload =
  | {
      kind: 'space'
      cluster: string
      name: string
      description: string
      size: Size
      endsAt: string | null
      /** The namespace of the object that declares it; absent: requested in the portal. */
      declaredIn?: string
    }
  | { kind: 'size'; spaceId: string; from: Size; size: Size }
  | { kind: 'life'; spaceId: string; from: string | null; endsAt: string | null }
  | RolePayload

/** `minutes` null: until it is removed. `startsAt` null: at the approval. */
export type RolePayload = {
  kind: 'role'
  spaceId: string
  cluster: string
  space: string
  role: Role
  minutes: number | null
  startsAt: string | null
}

/**
 * The text that an approval is bound to by SHA-256: keys in a fixed order, no white space. (The same order as RFC 8785
 * for strings, numbers and null.)
 */
export function canonicalRequest(requesterId: string, payload: RequestPayload, reason: string): string {
  const all: Record<string, unknown> = { ...payload, requesterId, reason }
  return JSON.stringify(
    Object.fromEntries(
      Object.keys(all)
        .sort()
        .map((key) => [key, all[key]]),
    ),
  )
}
