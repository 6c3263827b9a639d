import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type Provider from 'oidc-provider'
import type { Attempts } from './attempts.ts'
import { contentSecurityPolicy, renderPage, renderSignIn, type SignInPage } from './page.ts'
import { findByPassword, readPeople } from './people.ts'

const maxFormBytes = 4_096

const send = (response: ServerResponse, status: number, html: string) => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(html)
}

/** Answers `/interaction/{uid}`: shows the form, and takes name and password. */
export async function handleSignIn(options: {
  provider: Provider
  attempts: Attempts
  peopleFile: string | undefined
  request: IncomingMessage
  response: ServerResponse
}): Promise<void> {
  const { provider, attempts, request, response } = options
  let action: string
  try {
    const { uid } = await provider.interactionDetails(request, response)
    action = `/interaction/${uid}`
    if (request.url !== action) throw new Error('the cookie belongs to another sign-in')
  } catch {
    const explanation = '<p>This sign-in has ended or was started in another browser. Go back and start again.</p>'
    send(response, 400, renderPage('Begin again', explanation))
    return
  }
  const ownName = findByPassword(readPeople(options.peopleFile), 'alice', 'alice') !== undefined
  const show = (status: number, page: Omit<SignInPage, 'action' | 'ownName'> = {}) =>
    send(response, status, renderSignIn({ action, ownName, ...page }))
  if (request.method !== 'POST') {
    show(200)
    return
  }
  if (Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) > maxFormBytes) {
    show(413, { problem: 'That is too long.' })
    return
  }
  const form = new URLSearchParams(await text(request))
  const username = form.get('username')?.trim().toLowerCase() ?? ''
  if (attempts.isBlocked(username)) {
    show(429, { username, problem: 'Too many wrong passwords. Wait five minutes and try again.' })
    return
  }
  const person = findByPassword(readPeople(options.peopleFile), username, form.get('password') ?? '')
  if (person === undefined) {
    attempts.fail(username)
    show(401, { username, problem: 'The username or password is wrong. Try again.' })
    return
  }
  attempts.succeed(username)
  await provider.interactionFinished(request, response, { login: { accountId: person.sub } })
}
