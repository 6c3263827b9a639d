import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { type AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { PageContext } from '#lib/web/page/page-context.ts'

/** @returns what is inside a space, or why it can’t be shown now */
export const insideOrError = (ctx: PageContext, key: SpaceKey): Promise<SpaceInside | AppError> =>
  readSpaceInside(ctx, key).catch((error: unknown) => {
    if (isAppError(error)) return error
    throw error
  })
