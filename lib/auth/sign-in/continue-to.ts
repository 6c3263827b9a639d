/**
 * How a browser gets from a form of ours to the identity provider. Our pages' `form-action` policy applies to every
 * redirect that follows a form's submission (Content Security Policy Level 3, section 6.4.1), including the provider's,
 * which may lead to origins that we don't know. So the form ends at a page of ours, and the page continues by itself,
 * without script. Accepts only URLs that we built.
 */
import { redirectTo } from './read-form.ts'

type Page = { status?: number; title: string; link: string; cookies?: readonly string[]; headers?: HeadersInit }

/** @returns the answer that leads to another origin: a page for browsers, a redirect for clients that send no Origin */
export function continueTo(request: Request, to: URL, { title, link, cookies = [] }: Page): Response {
  const browser = request.headers.has('origin') || request.headers.has('sec-fetch-site')
  return browser ? continuePage(to, { title, link, cookies }) : redirectTo(to.href, cookies)
}

/** @returns a page that continues to a URL at once, with a link for browsers that don't */
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
