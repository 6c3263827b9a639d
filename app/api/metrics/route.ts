import { metricsText } from '#lib/web/process/metrics-text.ts'

/** For Prometheus. Counts and durations only, no people, spaces or addresses. */
export async function GET(): Promise<Response> {
  const { text, contentType } = await metricsText()
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
