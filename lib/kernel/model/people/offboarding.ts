import { z } from 'zod'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'

/** The most spaces that one offboarding transfers or ends, since they share a transaction. */
export const maxOffboardedSpaces = 500
/** How many days a space may outlive its owner's offboarding. */
export const maxOrphanedDays = 90
/** Accounts of one person in one offboarding. */
export const maxAccounts = 20
/** Different new owners in one offboarding. */
export const maxNewOwners = 50

/** The decision about a departing user's space. */
export type SpaceDecision = { kind: 'hand-over'; to: string } | { kind: 'delete'; endsAt: Date }

const counts = ['sessions', 'credentials', 'grants', 'requests', 'offers', 'spacesHandedOver', 'spacesEnding'] as const
/** Counts of what ended immediately. */
export type EndedCounts = Record<(typeof counts)[number], number>
const ended = z.object(
  Object.fromEntries(counts.map((name) => [name, z.number()])) as Record<keyof EndedCounts, z.ZodNumber>,
)

/** @returns the stored counts of an offboarding */
export const parseEndedCounts = (stored: unknown): EndedCounts => ended.parse(stored)

/** A place where the API server still allows access. */
export type StillAllowed = {
  /** Null: across the cluster. */
  space: { name: string; namespace: string } | null
  /** Names of access checks (offboarding-questions.ts). */
  questions: string[]
}
/** How many places are stored and shown. */
export const maxStillAllowed = 100

const stillAllowed = z.array(
  z.object({ space: z.object({ name: z.string(), namespace: z.string() }).nullable(), questions: z.array(z.string()) }),
)

/** @returns the stored places where the API server still allows access */
export const parseStillAllowed = (stored: unknown): StillAllowed[] => stillAllowed.parse(stored)

/** The progress of the proof on one cluster. */
export type ClusterProof = {
  cluster: string
  /** How many spaces have been checked. */
  spaces: number
  allowed: StillAllowed[]
  moreAllowed: boolean
  /** Some of their spaces with bindings that haven't been rewritten yet. */
  unsettled: string[]
  failureCode: ErrorCode | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** An account that was offboarded together with this one, and the id of its own certificate. */
export type OffboardedWith = { handle: string; name: string; issuer: string; offboarding: string }

/** An offboarding, as platform admins and auditors see it. */
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
