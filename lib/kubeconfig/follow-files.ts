import { notUsable } from '#lib/config/environment.ts'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'

/**
 * Reads at once and at each call: files with credentials are replaced while we run. What was read before stays in use
 * while they can't be used, since they may be in the middle of it; the API server rejects it once it is invalid.
 * @throws whatever `read` throws, the first time
 */
export function followFiles<T>(read: () => T): () => T {
  let last = read()
  return () => {
    try {
      last = read()
    } catch {
      return last
    }
    return last
  }
}

/** @throws ConfigurationError when the file can't be read, or contains nothing that could be sent in a header */
export function readToken(path: string): string {
  const token = readConfiguredFile('KUBECONFIG', path).trim()
  if (!isToken(token)) throw notUsable('KUBECONFIG', `${path} contains no token`)
  return token
}

/** @returns whether a text is one that may follow `Bearer` in a header */
export const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)
