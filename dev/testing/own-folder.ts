import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** @returns a temporary folder that is removed when the calling test ends */
export function ownFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-own-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
