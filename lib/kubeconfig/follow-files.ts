import { notUsable } from '#lib/config/environment.ts'
import { readConfiguredFile } from '#lib/config/read-configured-file.ts'

/**
 * Reads at once and at each call, because files with credentials are replaced at run time. While they can't be used,
 * perhaps in the middle of a replacement, the previous result stays in use; the API server rejects it once it is
 * invalid.
 * @throws the error of `read`, the first time
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

/** @throws ConfigurationError when the file can't be read, or its text can't be sent in a header */
export function readToken(path: string): string {
  const token = readConfiguredFile('KUBECONFIG', path).trim()
  if (!isToken(token)) throw notUsable('KUBECONFIG', `${path} contains no token`)
  return token
}

/** @returns whether a text may follow `Bearer` in a header */
export const isToken = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)
