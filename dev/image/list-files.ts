import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** @returns the paths of all files and links below a folder, sorted; links aren’t followed */
export const listFiles = (dir: string): string[] => walk(dir, '').sort()

const walk = (root: string, below: string): string[] =>
  readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? walk(root, path) : [path]
  })

/** @returns a line for each file: its mode, SHA-256 (of a link: where it points) and path, separated by tabs */
export function describeFiles(dir: string): string {
  const lines = listFiles(dir).map((path) => {
    const file = join(dir, path)
    const { mode } = lstatSync(file)
    const isLink = lstatSync(file).isSymbolicLink()
    const what = isLink ? `-> ${readlinkSync(file)}` : createHash('sha256').update(readFileSync(file)).digest('hex')
    return `${isLink ? 'link' : (mode & 0o7777).toString(8)}\t${what}\t${path}\n`
  })
  return lines.join('')
}
