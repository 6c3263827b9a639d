import type { IncomingHttpHeaders } from 'node:http'

/** In bytes: many times the size of our largest form, kubeconfig included. */
export const maxBodyBytes = 256 * 1024
/** In bytes: a group with as many members as one request may have. */
export const maxScimBodyBytes = 2 * 1024 * 1024

type Asked = { url?: string | undefined; httpVersion: string; headers: IncomingHttpHeaders }
type Refusal = { status: 400 | 411 | 413; sentence: string }

/**
 * Checks a request's head before anything reads its body. Every reader would have to count a body of undeclared length;
 * browsers and identity providers declare it, and Node's parser enforces it (RFC 9110, sections 15.5.12 and 15.5.14). A
 * path whose escapes are not valid text (RFC 3986, section 2.1) names nothing here.
 * @returns the status and the sentence of the refusal; null: accepted
 */
export function checkRequestHead({ url = '/', httpVersion, headers }: Asked): Refusal | null {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return { status: 400, sentence: 'Use HTTP/1.1 for this address.' }
  if (!isAddress(url)) return { status: 400, sentence: 'This is no address of the portal.' }
  if (!isText(url)) return { status: 400, sentence: 'This address contains an invalid percent-encoding.' }
  // Its reader counts, once it knows who sends (lib/features/scim/http/scim-body.ts).
  const limit = isScim(url) ? maxScimBodyBytes : maxBodyBytes
  const coding = headers['transfer-encoding']
  if (coding !== undefined && !isScim(url))
    return { status: 411, sentence: 'Send Content-Length instead of Transfer-Encoding.' }
  // Node takes codings that it doesn't decode (RFC 9112, section 6.1).
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return { status: 400, sentence: 'The only supported Transfer-Encoding is chunked.' }
  if (Number(headers['content-length'] ?? 0) > limit)
    return { status: 413, sentence: `The request is too large: at most ${limit} bytes are allowed.` }
  return null
}

/** @returns whether an identity provider is meant, which gets all answers in SCIM's form */
export const isScim = (url: string): boolean => url.startsWith('/scim/')

function isText(url: string): boolean {
  const [path = ''] = url.split('?', 1)
  if (!path.includes('%')) return true
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    return false
  }
}

/** A path, or a whole URL (RFC 9112, section 3.2): `*` and authorities are for other methods and proxies. */
const isAddress = (url: string): boolean => /^(?:\/|https?:\/\/)/i.test(url) && URL.canParse(url, 'http://portal')

/** The page that Next makes of app/global-error.tsx: it shows it, and nobody visits it. */
const errorPage = '/_global-error'

/** @returns the address as Next shall see it: that of the error page leads nowhere, however it is written */
export const pageAddress = (url: string): string =>
  URL.canParse(url, 'http://portal') && new URL(url, 'http://portal').pathname === errorPage ? '/_not-found' : url
