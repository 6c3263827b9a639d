import { z } from 'zod'

/** So many spaces are changed in one act, at most: more than a page of the list shows. */
const maxChosen = 50

const chosenSpace = z
  .strictObject({ id: z.uuid(), cluster: z.string().min(1).max(32), name: z.string().min(1).max(63) })
  .readonly()

/** Several spaces in one field of a form, as `writeChoice` writes them. */
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
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Name each space once.'),
  )
