import type { IncomingHttpHeaders } from 'node:http'

/** Bytes. Many times the largest form of ours, kubeconfig and all. */
export const maxBodyBytes = 256 * 1024

type Asked = { url?: string | undefined; headers: IncomingHttpHeaders }
type Refusal = { status: 400 | 411 | 413; sentence: string }

/**
 * Judges what a request says of itself before anything reads it. A body whose length is not said would have to be
 * counted by whoever reads it; browsers and identity providers say it, and Node's parser holds them to it (RFC 9110,
 * sections 15.5.12 and 15.5.14). A path whose escapes are no text (RFC 3986, section 2.1) names nothing here.
 * @returns the status and the sentence to refuse it with; null: let it in
 */
export function judgeRequest({ url = '/', headers }: Asked): Refusal | null {
  if (!isText(url)) return { status: 400, sentence: 'This address contains an invalid percent-encoding.' }
  if (headers['transfer-encoding'] !== undefined)
    return { status: 411, sentence: 'Send Content-Length instead of Transfer-Encoding.' }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes)
    return { status: 413, sentence: `The request is too large: at most ${maxBodyBytes} bytes are allowed.` }
  return null
}

function isText(url: string): boolean {
  const [path = ''] = url.split('?', 1)
  if (!path.includes('%')) return true
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    return false
  }
}
