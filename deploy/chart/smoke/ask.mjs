import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'

const patienceMs = 6_000
const mostBytes = 1_000_000

/**
 * Sends one request. Follows no redirects, and always verifies certificates.
 * @param {string | URL} url
 * @param {object} [how]
 * @param {string} [how.method]
 * @param {Record<string, string>} [how.headers]
 * @param {string} [how.body]
 * @param {string} [how.caFile] the only trusted CA; default: Node's CAs
 * @param {{ host: string, port: number }} [how.at] where to connect, instead of the URL's host
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, text: string }>}
 */
export function ask(url, { method = 'GET', headers = {}, body, caFile, at } = {}) {
  const { protocol, host, hostname, port, pathname, search } = new URL(url)
  const bare = hostname.replace(/^\[|\]$/g, '')
  const options = {
    ...{ method, path: `${pathname}${search}`, agent: false, signal: AbortSignal.timeout(patienceMs) },
    ...(at ?? { host: bare, ...(port !== '' && { port: Number(port) }) }),
    headers: { host, ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
    ...(protocol === 'https:' && {
      // SNI takes no IP addresses (RFC 6066, section 3).
      servername: isIP(bare) === 0 ? bare : '',
      checkServerIdentity: (_name, certificate) => checkServerIdentity(bare, certificate),
      ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    }),
  }
  return new Promise((resolve, reject) => {
    const late = () => Object.assign(new Error(`no answer within ${patienceMs / 1000} s`), { code: 'ETIMEDOUT' })
    const fail = (error) => reject(error.name === 'AbortError' ? late() : error)
    const request = (protocol === 'https:' ? https : http).request(options, (response) => {
      const chunks = []
      let bytes = 0
      response.on('error', fail)
      response.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes > mostBytes) response.destroy(new Error('the response is too long'))
        else chunks.push(chunk)
      })
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() })
      })
    })
    request.on('error', fail)
    request.end(body)
  })
}

/**
 * @returns the JSON of an answer;
 * @throws Error when it isn't JSON
 */
export function jsonOf({ status, text }) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`answers ${status} without JSON`)
  }
}
