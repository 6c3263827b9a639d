import { constants, cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Says which sources a build was made from; written last. */
export const stampName = '.source-hash'

const readStamp = (dir: string): string | undefined => {
  try {
    return readFileSync(join(dir, stampName), 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Makes a folder identical to a build, unless it already is. Not for a folder that is being served from.
 * @param from a finished build that nothing changes during the copy
 */
export function copyBuild(from: string, to: string): void {
  if (readStamp(to) !== undefined && readStamp(to) === readStamp(from)) return
  rmSync(to, { recursive: true, force: true })
  const stamp = join(from, stampName)
  const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }
  cpSync(from, to, { ...options, filter: (path) => path !== stamp })
  cpSync(stamp, join(to, stampName))
}
