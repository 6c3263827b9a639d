/**
 * Leads a browser from a form to the identity provider. The `form-action` policy applies to every redirect after a form
 * submission (Content Security Policy Level 3, section 6.4.1), including the provider's own, to unknown origins. So the
 * form ends at a page of the portal, which continues without script. Accepts only URLs that Spaceport built.
 */
import { redirectTo } from './read-form.ts'

type Page = { status?: number; title: string; link: string; cookies?: readonly string[]; headers?: HeadersInit }

/**
 * @returns the response that leads to another origin: a page for browsers, a redirect for clients without an Origin
 *   header
 */
export function continueTo(request: Request, to: URL, { title, link, cookies = [] }: Page): Response {
  const browser = request.headers.has('origin') || request.headers.has('sec-fetch-site')
  return browser ? continuePage(to, { title, link, cookies }) : redirectTo(to.href, cookies)
}

/** @returns a page that continues to a URL at once, with a link as a fallback */
export function continuePage(to: URL, { status = 200, title, link, cookies = [], headers: more }: Page): Response {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw new Error(`no page leads to ${to.protocol}`)
  const headers = new Headers(more)
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.set('cache-control', 'no-store')
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  const url = escapeHtml(to.href)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0;url=${url}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<main>
<p>${escapeHtml(title)}</p>
<p><a href="${url}">${escapeHtml(link)}</a></p>
</main>
</body>
</html>
`
  return new Response(html, { status, headers })
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
