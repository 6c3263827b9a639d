import { createHash } from 'node:crypto'
import {
  type DeclaredGeneration,
  type DeclaredRow,
  noteDeclaredDone,
  startDeclaredGeneration,
} from '#lib/features/gitops/db/declared-spaces.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/**
 * The parts of a generation that were applied. Each is applied once: later changes by people stay until the object
 * changes.
 */
export type Following = {
  generation: DeclaredGeneration
  isDone(part: string): boolean
  /** Records that a part needed no change. */
  note(part: string): Promise<void>
}

/** @returns the name of a member's part. Hashed, so that it doesn't reveal former roles */
export const memberPart = (who: string): string => createHash('sha256').update(who).digest('hex').slice(0, 32)

/** @returns the parts applied so far; none if the object has changed since */
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
