import { createHash } from 'node:crypto'
import {
  type DeclaredGeneration,
  type DeclaredRow,
  noteDeclaredDone,
  startDeclaredGeneration,
} from '#lib/features/gitops/db/declared-spaces.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/**
 * What was carried out of one generation of an object. Each part is carried out once: what somebody takes away or changes
 * afterwards stays so until the object changes.
 */
export type Following = {
  generation: DeclaredGeneration
  isDone(part: string): boolean
  /** Notes that a part needed nothing. */
  note(part: string): Promise<void>
}

/** @returns how a member is noted: who had which role isn’t to be read there */
export const memberPart = (who: string): string => createHash('sha256').update(who).digest('hex').slice(0, 32)

/** @returns what was carried out so far; nothing if the object has changed since */
export async function followGeneration(
  ctx: SystemContext,
  row: DeclaredRow,
  generation: DeclaredGeneration & { members: boolean },
): Promise<Following> {
  const isSame = row.uid === generation.uid && row.generation === generation.generation
  if (!isSame || row.members !== generation.members) await startDeclaredGeneration(ctx.db, generation, row)
  const done = new Set(isSame ? row.done : [])
  return {
    generation,
    isDone: (part) => done.has(part),
    async note(part) {
      if (!done.has(part)) await noteDeclaredDone(ctx.db, generation, part)
    },
  }
}
