import 'server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { pageSession } from '#lib/web/request/current-session.ts'

/** The actor, the request's origin, policy, the clusters’ names and the time: all that a page may use itself. */
export type PageContext = CallerContext

/**
 * The context with which a page calls use cases. People who are not signed in are sent to the sign-in page, and back
 * here afterwards. Computed once per request, however many components ask for it.
 */
export const pageContext = cache(async (): Promise<PageContext> => {
  const [session, received] = await Promise.all([pageSession(), headers()])
  if (!session) {
    const path = withoutRouterMark(received.get('x-spaceport-path') ?? '/')
    redirect(path === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ callbackUrl: path })}`)
  }
  return contextFor(session, received)
})

/** @returns a path without the parameter that Next's router adds to mark its own requests */
function withoutRouterMark(path: string): string {
  const [pathname = '/', search = ''] = path.split('?', 2)
  const params = new URLSearchParams(search)
  params.delete('_rsc')
  return params.size === 0 ? pathname : `${pathname}?${params}`
}
