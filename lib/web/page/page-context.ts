import 'server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { pageSession } from '#lib/web/request/current-session.ts'

/** Everything a page may use directly: actor, request origin, policy, cluster names and time. */
export type PageContext = CallerContext

/**
 * The context with which a page calls use cases. People who aren't signed in are sent to the sign-in page, and return
 * afterwards. Computed once per request.
 */
export const pageContext = cache(async (): Promise<PageContext> => {
  const [session, received] = await Promise.all([pageSession(), headers()])
  if (!session) {
    const path = withoutRouterMark(received.get('x-spaceport-path') ?? '/')
    redirect(path === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ callbackUrl: path })}`)
  }
  return contextFor(session, received)
})

/** @returns a path without the parameter that Next's router adds to its own requests */
function withoutRouterMark(path: string): string {
  const [pathname = '/', search = ''] = path.split('?', 2)
  const params = new URLSearchParams(search)
  params.delete('_rsc')
  return params.size === 0 ? pathname : `${pathname}?${params}`
}
