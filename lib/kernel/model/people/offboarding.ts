import { z } from 'zod'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'

/** The most spaces that one offboarding transfers or ends, since they share a transaction. */
export const maxOffboardedSpaces = 500
/** How many days a space may outlive its owner's offboarding. */
export const maxOrphanedDays = 90
export const maxAccounts = 20
export const maxNewOwners = 50

export type SpaceDecision = { kind: 'hand-over'; to: string } | { kind: 'delete'; endsAt: Date }

const counts = ['sessions', 'credentials', 'grants', 'requests', 'offers', 'spacesHandedOver', 'spacesEnding'] as const
export type EndedCounts = Record<(typeof counts)[number], number>
const ended = z.object(
  Object.fromEntries(counts.map((name) => [name, z.number()])) as Record<keyof EndedCounts, z.ZodNumber>,
)

export const parseEndedCounts = (stored: unknown): EndedCounts => ended.parse(stored)

/** A place where the API server still allows access. */
export type StillAllowed = {
  /** Null: across the cluster. */
  space: { name: string; namespace: string } | null
  /** Names of access checks (offboarding-questions.ts). */
  questions: string[]
}
export const maxStillAllowed = 100

const stillAllowed = z.array(
  z.object({ space: z.object({ name: z.string(), namespace: z.string() }).nullable(), questions: z.array(z.string()) }),
)

export const parseStillAllowed = (stored: unknown): StillAllowed[] => stillAllowed.parse(stored)

export type ClusterProof = {
  cluster: string
  /** Spaces checked so far. */
  spaces: number
  allowed: StillAllowed[]
  moreAllowed: boolean
  /** Some of their spaces with bindings that haven't been rewritten yet. */
  unsettled: string[]
  failureCode: ErrorCode | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** An account offboarded together with this one, and its certificate's id. */
export type OffboardedWith = { handle: string; name: string; issuer: string; offboarding: string }

export type OffboardingView = {
  id: string
  at: Date
  by: { handle: string; name: string }
  reason: string
  ended: EndedCounts
  completedAt: Date | null
  hash: string | null
  /** When the person got a pseudonym, which changed the certificate; null: the certificate still matches the hash. */
  pseudonymisedAt: Date | null
  clusters: ClusterProof[]
  with: OffboardedWith[]
}
