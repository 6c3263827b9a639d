'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { chooseMail } from '#lib/broker/inbox/choose-mail.ts'
import { markAllRead, markAllReadInput } from '#lib/broker/inbox/mark-all-read.ts'
import { markRead, markReadInput } from '#lib/broker/inbox/mark-read.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

/** Marks an event as read. */
export const markReadAction = brokerAction({
  name: 'mark-read',
  input: markReadInput,
  useCase: markRead,
  after: () => revalidatePath('/', 'layout'),
})

/** Marks everything that the person has seen in their inbox as read. */
export const markAllReadAction = brokerAction({
  name: 'mark-read',
  input: markAllReadInput,
  useCase: markAllRead,
  after: () => revalidatePath('/', 'layout'),
})

/** A box that isn't checked isn't sent. */
const box = z
  .literal('on')
  .optional()
  .transform((sent) => sent !== undefined)

/** Chooses what reaches the person by mail. */
export const chooseMailAction = brokerAction({
  name: 'choose-mail',
  input: z.strictObject({ waiting: box, decided: box, access: box, spaces: box, endings: box }),
  useCase: chooseMail,
  after: () => revalidatePath('/inbox/settings'),
})
