import type { IncomingHttpHeaders } from 'node:http'

/** Bytes. Many times the largest form of ours, kubeconfig and all. */
export const longestBody = 256 * 1024

/**
 * Judges a body before anything reads it. One whose length is not said would have to be counted by whoever reads it;
 * browsers and identity providers say it, and Node's parser holds them to it (RFC 9110, sections 15.5.12 and 15.5.14).
 * @returns the status and the sentence to refuse it with; null: let it in
 */
export function judgeBody(headers: IncomingHttpHeaders): { status: 411 | 413; sentence: string } | null {
  if (headers['transfer-encoding'] !== undefined)
    return { status: 411, sentence: 'Say how long the body is: send Content-Length, not Transfer-Encoding.' }
  if (Number(headers['content-length'] ?? 0) > longestBody)
    return { status: 413, sentence: `A request may have at most ${longestBody} bytes.` }
  return null
}
