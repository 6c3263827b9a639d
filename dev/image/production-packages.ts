import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Locked = {
  name?: string
  version: string
  integrity?: string
  dev?: boolean
  devOptional?: boolean
  cpu?: string | string[]
}

/** @returns package-lock.json’s entries for production packages, by folder: `node_modules/pg` */
export function readShipped(root: string): Readonly<Record<string, Locked>> {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  )
  // The project itself has an empty name. Packages for development that are optional in production are left out.
  return Object.fromEntries(
    Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional),
  )
}

/** @returns whether a package runs on a processor */
export const runsOn = ({ cpu }: Locked, architecture: string): boolean =>
  cpu === undefined || [cpu].flat().includes(architecture)

/** @returns the folder of the package that a file belongs to, or null for a file of this project */
export const packageOf = (path: string): string | null =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null

/**
 * @returns a function that tells whether a file, by its path below `root`, belongs to this project or a production
 * package
 */
export function isProduction(root: string): (path: string) => boolean {
  const shipped = readShipped(root)
  return (path) => {
    const folder = packageOf(path)
    return folder === null || folder in shipped
  }
}
