import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Locks of other commands and the claim itself are no state. */
const keptWhenFresh = ['running.json', 'setup.lock', 'build.lock']
/** Written first of all, and nowhere else. */
export const secretsFile = 'secrets.json'

/**
 * Forgets what earlier starts kept.
 * @throws Error when the folder holds something and is none of ours: then nothing is removed
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
 * Keeps a state folder to one cluster: its spaces would be made anew on any other.
 * @param cluster what tells a cluster from others
 * @throws Error when the folder's spaces are on another
 */
export function claimCluster(stateDir: string, cluster: string): void {
  const file = join(stateDir, 'cluster.txt')
  let known: string | undefined
  try {
    known = readFileSync(file, 'utf8').trim()
  } catch {
    writeFileSync(file, `${cluster}\n`)
    return
  }
  if (known !== cluster)
    throw new Error(
      `The spaces in ${stateDir} are on another cluster, and would be made anew on this one. Keep this cluster’s elsewhere with --state-dir DIR, or forget them with --fresh.`,
    )
}
