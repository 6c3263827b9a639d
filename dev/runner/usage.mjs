import { existsSync, readFileSync } from 'node:fs'

const fileOf = (name) => new URL(`../usage/${name}.txt`, import.meta.url)

/** @returns a command's usage */
export const readUsage = (name) => readFileSync(fileOf(name), 'utf8').trimEnd()

/**
 * Answers `--help` before anything is installed.
 * @returns the usage of the target's command; undefined: it has none, or `--help` wasn't given
 */
export function findUsage(target, args) {
  const name = /^dev\/([a-z0-9-]+)\.ts$/.exec(target ?? '')?.[1]
  const wanted = args.includes('--help') || args.includes('-h')
  return wanted && name !== undefined && existsSync(fileOf(name)) ? readUsage(name) : undefined
}
