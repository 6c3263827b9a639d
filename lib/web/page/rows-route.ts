import 'server-only'
import type { z } from 'zod'
import type { UseCase } from '#lib/kernel/define/use-case.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'

/**
 * Creates a route handler that returns a list's rows as JSON, from the same use case as its page, which authorizes. It
 * answers only pages of this portal, and the response must not be cached.
 * @param name its name in logs
 * @param input a zod schema of the URL's parameters, including those in its path (all strings, others are refused); its
 *   output is the use case's input
 * @param show picks what the list needs, and adds the requested input
 */
export const rowsRoute =
  <I, O, D>({
    name,
    input,
    useCase: run,
    show,
  }: {
    name: string
    input: z.ZodType<I>
    useCase: UseCase<I, O>
    show: (output: O, input: I, params: URLSearchParams) => D
  }): ((request: Request, route: { params?: Promise<Record<string, string>> }) => Promise<Response>) =>
  async (request, { params }) => {
    try {
      const ctx = await readContext()
      const { searchParams } = new URL(request.url)
      for (const [part, value] of Object.entries((await params) ?? {})) searchParams.set(part, value)
      const asked = parseSearchParams(input, searchParams)
      return Response.json(show(await run(ctx, asked), asked, searchParams), {
        headers: { 'cache-control': 'no-store' },
      })
    } catch (error) {
      return answerFailure(error, request.headers, name)
    }
  }
