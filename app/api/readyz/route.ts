import { readiness } from '#lib/web/process/readiness.ts'

/** Whether the process is ready for traffic and, if not, what is missing. */
export async function GET(): Promise<Response> {
  const { ready, parts } = await readiness()
  return Response.json(
    { status: ready ? 'ok' : 'unready', parts },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}

export const dynamic = 'force-dynamic'
