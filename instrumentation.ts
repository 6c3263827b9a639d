/** Called by Next once, before the first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this when it builds, and leaves the rest out of the other runtime
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startWeb } = await import('#lib/web/start-web.ts')
  await startWeb()
}

type ErrorWithDigest = Error & { digest?: string }

/** Called by Next with an error of a page, action or route handler. `digest` is the id on screen. */
export async function onRequestError(
  error: unknown,
  request: { path: string; method: string; headers: Record<string, string | string[] | undefined> },
): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this when it builds, and leaves the rest out of the other runtime
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { logRequestError } = await import('#lib/web/request/log-request-error.ts')
  const digest = error instanceof Error ? (error as ErrorWithDigest).digest : undefined
  logRequestError(error, { digest, method: request.method, requestId: request.headers['x-request-id'] })
}
