'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { NewSecret } from '#lib/features/inbox/model/webhook-view.ts'
import { changeWebhook } from '#lib/features/inbox/use-cases/change-webhook.ts'
import { chooseMail } from '#lib/features/inbox/use-cases/choose-mail.ts'
import { markAllRead, markAllReadInput } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { markRead, markReadInput } from '#lib/features/inbox/use-cases/mark-read.ts'
import { removeWebhook } from '#lib/features/inbox/use-cases/remove-webhook.ts'
import { rotateWebhookSecret } from '#lib/features/inbox/use-cases/rotate-webhook-secret.ts'
import { setUpWebhook, webhookInput } from '#lib/features/inbox/use-cases/set-up-webhook.ts'
import { testWebhook } from '#lib/features/inbox/use-cases/test-webhook.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

export const markReadAction = brokerAction({
  name: 'mark-read',
  input: markReadInput,
  useCase: markRead,
  after: () => revalidatePath('/', 'layout'),
})

/** Marks all events as read, up to when the person loaded the list. */
export const markAllReadAction = brokerAction({
  name: 'mark-read',
  input: markAllReadInput,
  useCase: markAllRead,
  after: () => revalidatePath('/', 'layout'),
})

/** Browsers don't send unchecked boxes. */
const box = z
  .literal('on')
  .optional()
  .transform((sent) => sent !== undefined)

const choices = { waiting: box, decided: box, access: box, spaces: box, endings: box }

/** Chooses the events that reach the person by mail. */
export const chooseMailAction = brokerAction({
  name: 'choose-mail',
  input: z.strictObject(choices),
  useCase: chooseMail,
  after: () => revalidatePath('/inbox/settings'),
})

const webhookForm = z
  .strictObject({ url: webhookInput.shape.url, format: webhookInput.shape.format, ...choices })
  .transform(({ url, format, ...chosen }) => ({ url, format, choices: chosen }))

const shown = (message: string, secret: string | null): { message: string; data: NewSecret } => ({
  message,
  data: { secret },
})

/** A form with only a button. */
const button = z.strictObject({}).transform(() => undefined)

export const setUpWebhookAction = brokerAction({
  name: 'set-up-webhook',
  input: webhookForm,
  useCase: setUpWebhook,
  after({ secret }, { format }) {
    revalidatePath('/inbox/settings')
    return shown('Set up. Send a test to see whether it arrives.', format === 'spaceport' ? secret : null)
  },
})

export const changeWebhookAction = brokerAction({
  name: 'change-webhook',
  input: webhookForm,
  useCase: changeWebhook,
  after() {
    revalidatePath('/inbox/settings')
    return shown('Saved.', null)
  },
})

export const rotateWebhookSecretAction = brokerAction({
  name: 'rotate-webhook-secret',
  input: button,
  useCase: rotateWebhookSecret,
  after: ({ secret }) => shown('Replaced.', secret),
})

export const removeWebhookAction = brokerAction({
  name: 'remove-webhook',
  input: button,
  useCase: removeWebhook,
  after() {
    revalidatePath('/inbox/settings')
    return { message: 'Webhook removed.' }
  },
})

export const testWebhookAction = brokerAction({
  name: 'test-webhook',
  input: button,
  useCase: testWebhook,
  after: (result) => ({ data: result }),
})
