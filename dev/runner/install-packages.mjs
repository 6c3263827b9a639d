import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode } from './find-node.mjs'
import { runQuietly } from './run-quietly.mjs'

const readPackages = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
  } catch {
    return undefined
  }
}

/**
 * Compares what is locked with what npm recorded as installed.
 * Optional packages may be absent (they are for other platforms), but not in another version.
 * @param {Record<string, { version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }>} locked
 * @param {Record<string, { version?: string, integrity?: string }> | undefined} installed
 * @returns {boolean} whether something must be installed
 */
export function isStale(locked, installed) {
  if (installed === undefined) return true
  return Object.entries(locked).some(([path, wanted]) => {
    if (path === '' || wanted.link === true) return false
    const found = installed[path]
    if (found === undefined) return wanted.optional !== true && wanted.devOptional !== true
    return found.version !== wanted.version || found.integrity !== wanted.integrity
  })
}

/** Installs the locked packages if they are missing or not the locked ones. @param {string} root */
export async function installPackages(root) {
  const locked = readPackages(join(root, 'package-lock.json'))
  if (locked === undefined) throw new Error('package-lock.json is missing or broken: restore it with git.')
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (!isStale(locked, installed) && findNode(root) !== undefined) return

  const npm = process.env.npm_execpath
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const isScript = npm !== undefined && /npm-cli\.c?js$/.test(npm)
  await runQuietly(
    `Installing the ${Object.keys(locked).length - 1} locked packages`,
    isScript ? process.execPath : 'npm',
    isScript ? [npm, ...args] : args,
    {
      cwd: root,
      // Migrations run on the WASM engine; the downloaded one isn't needed, and isn't available everywhere.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_SKIP_POSTINSTALL_GENERATE: '1', NODE_ENV: 'development' },
      skip: /EBADENGINE/,
      wayOut:
        'Check that the npm registry is reachable (`npm ping`), then run the command again, or `npm ci` for the full output.',
    },
  )
}
