import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'

const clustersFolder = 'clusters'
/** Locks of other commands, the claim itself, and the state of other clusters. */
const keptWhenFresh = ['running.json', 'setup.lock', 'build.lock', clustersFolder]
/** Written first of all, and nowhere else. */
export const secretsFile = 'secrets.json'

/**
 * Removes the state of earlier starts.
 * @throws Error when the folder isn't empty and isn't ours: then nothing is removed
 */
export function emptyStateDir(stateDir: string): void {
  const names = readdirSync(stateDir).filter((name) => !keptWhenFresh.includes(name))
  const ours = names.includes(secretsFile) || basename(stateDir) === '.spaceport'
  if (names.length > 0 && !ours)
    throw new Error(
      `${stateDir} holds something that is not Spaceport’s. Nothing was removed; choose another --state-dir.`,
    )
  for (const name of names) rmSync(join(stateDir, name), { recursive: true, force: true })
}

/**
 * @param server the API server's address
 * @returns the folder of the state for an external cluster: on another cluster, its spaces would be created again
 */
export const stateDirOf = (stateDir: string, server: string): string =>
  join(stateDir, clustersFolder, createHash('sha256').update(server).digest('hex').slice(0, 12))
