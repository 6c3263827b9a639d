import { z } from 'zod'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { livePerson } from '#lib/web/page/live-person.ts'
import { pageTime } from '#lib/web/page/page-time.ts'

const given = z.strictObject({
  person: z.string().max(100),
  after: pageTime,
})

export async function GET(request: Request): Promise<Response> {
  try {
    return await livePerson(request, () => parseSearchParams(given, new URL(request.url).searchParams))
  } catch (error) {
    return answerFailure(error, request.headers, 'live person')
  }
}

export const dynamic = 'force-dynamic'
