import { renderReadiness } from '#lib/domain/readiness.ts'
import { readiness } from '#lib/web/process/readiness.ts'

/** Whether the process is ready for traffic and, if not, what is missing. */
export async function GET(): Promise<Response> {
  const { status, body } = renderReadiness(await readiness())
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
