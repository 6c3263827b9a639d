import { createHash } from 'node:crypto'
import { plainBreakGlassCode } from '#lib/kernel/model/people/break-glass-account.ts'

/** @returns what is stored of a code. It is random and 160 bits long, so a slow hash would protect nothing more. */
export const hashBreakGlassCode = (typed: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(plainBreakGlassCode(typed)).digest())
