import { constants, cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The source hash of a build; written last. */
export const stampName = '.source-hash'

const readStamp = (dir: string): string | undefined => {
  try {
    return readFileSync(join(dir, stampName), 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Makes a folder identical to a build, unless it already is. Don't use it on a folder that is being served.
 * @param from a finished build that doesn't change during the copy
 */
export function copyBuild(from: string, to: string): void {
  if (readStamp(to) !== undefined && readStamp(to) === readStamp(from)) return
  rmSync(to, { recursive: true, force: true })
  const stamp = join(from, stampName)
  const options = { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE }
  cpSync(from, to, { ...options, filter: (path) => path !== stamp })
  cpSync(stamp, join(to, stampName))
}
