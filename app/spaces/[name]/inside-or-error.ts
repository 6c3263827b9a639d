import { readSpaceInside } from '#lib/broker/spaces/read-space-inside.ts'
import type { SpaceKey } from '#lib/broker/use-case/authorize.ts'
import { type AppError, isAppError } from '#lib/domain/errors.ts'
import type { SpaceInside } from '#lib/domain/space-inside.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'

/** @returns what is inside a space, or why it can’t be shown right now */
export const insideOrError = (ctx: PageContext, key: SpaceKey): Promise<SpaceInside | AppError> =>
  readSpaceInside(ctx, key).catch((error: unknown) => {
    if (isAppError(error)) return error
    throw error
  })
