import { z } from 'zod'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'

/** At most so many spaces change hands or get an end in one act: they are all in one transaction. */
export const maxOffboardedSpaces = 500
/** So long may a space outlive its owner's offboarding. */
export const maxOrphanedDays = 90
/** Accounts of one person in one act. */
export const maxAccounts = 20
/** Different new owners in one act. */
export const maxNewOwners = 50

/** What becomes of a space of somebody who leaves. */
export type SpaceDecision = { kind: 'hand-over'; to: string } | { kind: 'delete'; endsAt: Date }

const counts = ['sessions', 'credentials', 'grants', 'requests', 'offers', 'spacesHandedOver', 'spacesEnding'] as const
/** What ended at once, in numbers. */
export type Ended = Record<(typeof counts)[number], number>
const ended = z.object(Object.fromEntries(counts.map((name) => [name, z.number()])) as Record<keyof Ended, z.ZodNumber>)

/** @returns what an offboarding ended, as it was stored */
export const parseEnded = (stored: unknown): Ended => ended.parse(stored)

/** A place where the API server still says yes. */
export type StillAllowed = {
  /** Null: across the cluster. */
  space: { name: string; namespace: string } | null
  /** Names of questions (offboarding-questions.ts). */
  questions: string[]
}
/** As many places as are kept and shown. */
export const maxStillAllowed = 100

const stillAllowed = z.array(
  z.object({ space: z.object({ name: z.string(), namespace: z.string() }).nullable(), questions: z.array(z.string()) }),
)

/** @returns where the API server said yes, as it was stored */
export const parseStillAllowed = (stored: unknown): StillAllowed[] => stillAllowed.parse(stored)

/** How far the proof got on one cluster. */
export type ClusterProof = {
  cluster: string
  /** How many spaces have been asked about. */
  spaces: number
  allowed: StillAllowed[]
  moreAllowed: boolean
  /** Spaces of theirs whose bindings have not been rewritten yet; a few. */
  unsettled: string[]
  failureCode: ErrorCode | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** An account that was offboarded in the same act, and the id of its own certificate. */
export type OffboardedWith = { handle: string; name: string; issuer: string; offboarding: string }

/** An offboarding, as platform admins and auditors see it. */
export type OffboardingView = {
  id: string
  at: Date
  by: { handle: string; name: string }
  reason: string
  ended: Ended
  completedAt: Date | null
  hash: string | null
  /** When the person got a pseudonym, which changed the certificate; null: it is the one that the hash is of. */
  pseudonymisedAt: Date | null
  clusters: ClusterProof[]
  with: OffboardedWith[]
}
