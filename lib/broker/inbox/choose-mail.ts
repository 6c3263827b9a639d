import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { saveMailChoices } from '#lib/db/mail-settings.ts'

/** Each group of events: whether it reaches the person by mail. */
const chooseMailInput = z.strictObject({
  waiting: z.boolean(),
  decided: z.boolean(),
  access: z.boolean(),
  spaces: z.boolean(),
  endings: z.boolean(),
})

/** Chooses which events reach oneself by mail, from the next one on. Everything stays in the inbox. */
export const chooseMail = changePlatform({
  permission: 'choose-mail',
  action: 'inbox.choose-mail',
  input: chooseMailInput,
  about: (choices) => ({ target: { kind: 'portal' }, detail: { choices } }),
  prepare: ({ ctx, input }) => ({ write: ({ tx }) => saveMailChoices(tx, ctx.actor.userId, input) }),
})
