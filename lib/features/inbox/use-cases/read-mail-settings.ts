import { type MailSettings, selectMailSettings } from '#lib/features/inbox/db/mail-settings.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** @returns the person's mail choices, and whether mail reaches them */
export const readMailSettings = viewPlatform({
  permission: 'list-inbox',
  input: nothing,
  read: async function readReadMailSettings({ ctx }): Promise<MailSettings> {
    const settings = await selectMailSettings(ctx.pool, ctx.actor.userId)
    if (!settings) throw new AppError('not_found')
    return settings
  },
})
