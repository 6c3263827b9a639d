import { constants, cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Says which sources a build is of; the last file of a build that is written. */
export const stampName = '.source-hash'

const readStamp = (dir: string): string | undefined => {
  try {
    return readFileSync(join(dir, stampName), 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Makes a folder the same as a build, unless it is already. Not for a folder that somebody serves from.
 * @param from a finished build that nobody changes meanwhile
 */
export function copyBuild(from: string, to: string): void {
  if (readStamp(to) !== undefined && readStamp(to) === readStamp(from)) return
  rmSync(to, { recursive: true, force: true })
  const stamp = join(from, stampName)
  const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }
  cpSync(from, to, { ...options, filter: (path) => path !== stamp })
  cpSync(stamp, join(to, stampName))
}
