import { saveMailChoices } from '#lib/features/inbox/db/mail-settings.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { eventChoices } from '#lib/kernel/model/inbox/parse-event-choices.ts'

/** Chooses which future events reach oneself by mail. The inbox always has all of them. */
export const chooseMail = changePlatform({
  permission: 'choose-mail',
  action: 'inbox.choose-mail',
  input: eventChoices,
  about: (choices) => ({ target: { kind: 'portal' }, detail: { choices } }),
  prepare: ({ ctx, input }) => ({ write: ({ tx }) => saveMailChoices(tx, ctx.actor.userId, input) }),
})
