import { renderBareReadiness } from '#lib/kernel/model/readiness.ts'
import { neededParts, readiness } from '#lib/web/process/readiness.ts'

/** Whether the process is ready for traffic. Operators get details on WEB_ADMIN_LISTEN. */
export async function GET(): Promise<Response> {
  const { status, body } = renderBareReadiness(await readiness(), neededParts)
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
