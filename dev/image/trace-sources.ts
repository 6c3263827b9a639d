import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'
import { isProduction } from './production-packages.ts'

/**
 * Follows what programs import, read and resolve by path.
 * @param root the project
 * @param entries the programs' paths below it
 * @returns the sorted paths of everything that they need, below `root`, without packages for development
 */
export async function traceSources(root: string, entries: readonly string[]): Promise<string[]> {
  const isShipped = isProduction(root)
  const { fileList, warnings } = await nodeFileTrace(
    entries.map((entry) => join(root, entry)),
    {
      base: root,
      conditions: ['node', 'import'],
      // Packages probe for optional ones, such as TypeScript.
      ignore: (path) => !isShipped(path),
      readFile: async (path) => {
        const text = await readFile(path, 'utf8').catch(() => null)
        return text !== null && path.endsWith('.ts') ? stripTypeScriptTypes(text) : text
      },
    },
  )
  const missing = [...warnings].map(({ message }) => message).filter((message) => !isOptional(message))
  if (missing.length > 0) throw new Error(`Some imports were not found:\n${missing.join('\n')}`)
  return [...fileList].filter(isShipped).sort()
}

/** Optional dependencies of packages that we leave out on purpose. */
const optional = ['pg-native', 'cloudflare:sockets', 'typescript']
const isOptional = (message: string) =>
  optional.some((name) => message.startsWith(`Failed to resolve dependency "${name}":`))
