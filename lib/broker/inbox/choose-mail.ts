import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { saveMailChoices } from '#lib/db/mail-settings.ts'
import { eventChoices } from '#lib/domain/parse-event-choices.ts'

/** Chooses which events reach oneself by mail, from the next one on. Everything stays in the inbox. */
export const chooseMail = changePlatform({
  permission: 'choose-mail',
  action: 'inbox.choose-mail',
  input: eventChoices,
  about: (choices) => ({ target: { kind: 'portal' }, detail: { choices } }),
  prepare: ({ ctx, input }) => ({ write: ({ tx }) => saveMailChoices(tx, ctx.actor.userId, input) }),
})
