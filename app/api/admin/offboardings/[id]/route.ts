import { readOffboarding, readOffboardingInput } from '#lib/features/offboarding/use-cases/read-offboarding.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseArgument } from '#lib/web/action/parse-form.ts'

/** A download of an offboarding's certificate. Its hash covers exactly these bytes. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  try {
    const [ctx, given] = await Promise.all([readContext(), params])
    const { handle, text, hash } = await readOffboarding(ctx, parseArgument(readOffboardingInput, given))
    const name = `spaceport-offboarding-${handle}${hash === null ? '-open' : ''}.json`
    return new Response(text, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    return answerFailure(error, request.headers, 'offboarding certificate')
  }
}

export const dynamic = 'force-dynamic'
