import type { IncomingHttpHeaders } from 'node:http'

/** In bytes: many times the portal's largest form, including a kubeconfig. */
export const maxBodyBytes = 256 * 1024
/** In bytes: a group with the most members that one request may have. */
export const maxScimBodyBytes = 2 * 1024 * 1024

type RequestHead = { url?: string | undefined; httpVersion: string; headers: IncomingHttpHeaders }
type Refusal = { status: 400 | 411 | 413; sentence: string }

/**
 * Checks a request's head before the body is read. Browsers and identity providers declare the body's length, which
 * Node's parser enforces (RFC 9110, sections 15.5.12 and 15.5.14); otherwise every reader would have to count. Paths
 * with escapes that aren't valid text (RFC 3986, section 2.1) don't exist here.
 * @returns the status and message of the refusal; null: accepted
 */
export function checkRequestHead({ url = '/', httpVersion, headers }: RequestHead): Refusal | null {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return { status: 400, sentence: 'Use HTTP/1.1 for this address.' }
  if (!isAddress(url)) return { status: 400, sentence: 'This is not an address of the portal.' }
  if (!isText(url)) return { status: 400, sentence: 'This address contains an invalid percent-encoding.' }
  // The SCIM reader counts the body after authentication (lib/features/scim/http/scim-body.ts).
  const limit = isScim(url) ? maxScimBodyBytes : maxBodyBytes
  const coding = headers['transfer-encoding']
  if (coding !== undefined && !isScim(url))
    return { status: 411, sentence: 'Send Content-Length instead of Transfer-Encoding.' }
  // Node accepts codings that it doesn't decode (RFC 9112, section 6.1).
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return { status: 400, sentence: 'The only supported Transfer-Encoding is chunked.' }
  if (Number(headers['content-length'] ?? 0) > limit)
    return { status: 413, sentence: `The request is too large: at most ${limit} bytes are allowed.` }
  return null
}

/** @returns whether it is a SCIM request from an identity provider; those get all responses in SCIM's format */
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

/** A path, or an absolute URL (RFC 9112, section 3.2): `*` and authorities are for other methods and proxies. */
const isAddress = (url: string): boolean => /^(?:\/|https?:\/\/)/i.test(url) && URL.canParse(url, 'http://portal')

/** The page that Next builds from app/global-error.tsx. Next shows it; it isn't meant to be requested. */
const errorPage = '/_global-error'

/** @returns the URL for Next: every spelling of the error page's path becomes one that doesn't exist */
export const pageAddress = (url: string): string =>
  URL.canParse(url, 'http://portal') && new URL(url, 'http://portal').pathname === errorPage ? '/_not-found' : url
