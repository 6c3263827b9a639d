import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { liveTrail } from '#lib/web/page/live-trail.ts'

/** Signals new entries to the audit page. */
export async function GET(request: Request): Promise<Response> {
  try {
    return await liveTrail(request)
  } catch (error) {
    return answerFailure(error, request.headers, 'live trail')
  }
}

export const dynamic = 'force-dynamic'
