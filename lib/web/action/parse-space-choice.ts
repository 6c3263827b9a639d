import { z } from 'zod'

/** The most spaces in one bulk action: more than one page of the list. */
const maxChosen = 50

const chosenSpace = z
  .strictObject({ id: z.uuid(), cluster: z.string().min(1).max(32), name: z.string().min(1).max(63) })
  .readonly()

/** Several spaces in one form field, written by `writeChoice`. */
export const spaceChoice = z
  .string()
  .max(maxChosen * 140)
  .transform((text) =>
    text.split(',').map((one) => {
      const [id, cluster, name, ...rest] = one.split('/')
      return rest.length > 0 ? null : { id, cluster, name }
    }),
  )
  .pipe(
    z
      .array(chosenSpace)
      .min(1)
      .max(maxChosen, `At most ${maxChosen} spaces at once.`)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Select each space only once.'),
  )
