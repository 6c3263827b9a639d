import 'server-only'
import type { IncomingMessage, ServerResponse } from 'node:http'

type Write = (chunk: unknown, ...rest: unknown[]) => boolean
type End = (...args: unknown[]) => ServerResponse

/** Next's mark of a page that stays empty until its scripts render the error. */
const blankMark = 'id="__next_error__"'

const isHtml = (name: string, value: unknown) =>
  name.toLowerCase() === 'content-type' && String(value).startsWith('text/html')

/** Whether it asks for a page, rather than for a file or for data. */
export const asksForPage = ({ method, url = '/', headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'POST') &&
  !/^\/(?:api|scim|_next|\.well-known)\//.test(url) &&
  headers.rsc === undefined &&
  headers['next-action'] === undefined

/**
 * Adds what people without scripts see on the page of an error, which Next leaves empty for them. Scripts replace it.
 * @param response of a request for a page, before Next sees it
 */
export function explainBlankPage(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response)
  const write = response.write.bind(response) as Write
  const end = response.end.bind(response) as End
  let watched = false
  let isBlank = false
  const note = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) isBlank ||= Buffer.from(chunk).includes(blankMark)
  }
  const watch = () => {
    watched = true
    response.write = ((chunk: unknown, ...rest: unknown[]) => {
      note(chunk)
      return write(chunk, ...rest)
    }) as typeof response.write
    response.end = ((...args: unknown[]) => {
      const [chunk] = args
      if (typeof chunk === 'function' || chunk === undefined || chunk === null) {
        if (isBlank) write(explanation(response))
        return end(...args)
      }
      note(chunk)
      if (!isBlank) return end(...args)
      write(chunk)
      write(explanation(response))
      return end()
    }) as typeof response.end
  }
  response.setHeader = (name, value) => {
    if (isHtml(name, value) && (response.statusCode === 404 || response.statusCode >= 500)) {
      // Nothing can be added to a compressed page.
      setHeader('cache-control', 'no-store, no-transform')
      if (!watched) watch()
    }
    return setHeader(name, value)
  }
}

function explanation(response: ServerResponse): string {
  const [title, text] =
    response.statusCode === 404
      ? ['Page not found', 'The page doesn’t exist, or you don’t have access.']
      : [
          'This page couldn’t be loaded',
          `Try again in a moment. If it keeps failing, give a platform admin this ID: ${response.getHeader('x-request-id')}`,
        ]
  return `<noscript><h1>${title}</h1><p>${text}</p><p><a href="/">Go to spaces</a></p></noscript>`
}
