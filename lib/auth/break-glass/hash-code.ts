import { createHash } from 'node:crypto'
import { plainBreakGlassCode } from '#lib/kernel/model/people/break-glass-account.ts'

/** @returns the hash to store. A code has 160 random bits, so a slow hash would add no protection. */
export const hashBreakGlassCode = (typed: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(plainBreakGlassCode(typed)).digest())
