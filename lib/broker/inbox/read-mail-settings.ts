import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { type MailSettings, selectMailSettings } from '#lib/db/mail-settings.ts'
import { AppError } from '#lib/domain/errors.ts'

/** @returns what the person gets by mail, and whether it reaches them */
export const readMailSettings = viewPlatform({
  permission: 'list-inbox',
  input: nothing,
  async read({ ctx }): Promise<MailSettings> {
    const settings = await selectMailSettings(ctx.pool, ctx.actor.userId)
    if (!settings) throw new AppError('not_found')
    return settings
  },
})
