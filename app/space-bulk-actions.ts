'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { lastDay } from '#app/form-fields.ts'
import { offerSpace, offerSpaceInput } from '#lib/features/offers/use-cases/offer-space.ts'
import { deletionPhrase } from '#lib/features/spaces/model/space-choice.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { bulkAction, bulkForm } from '#lib/web/action/bulk-action.ts'

const after = () => revalidatePath('/')

export const endSpacesAction = bulkAction({
  name: 'update-space',
  input: bulkForm.extend({ endsAt: lastDay }),
  useCase: updateSpace,
  each: (space, { endsAt }) => ({ space, endsAt }),
  after,
})

export const offerSpacesAction = bulkAction({
  name: 'offer-space',
  input: bulkForm.extend({ to: offerSpaceInput.shape.to, reason: actReason }),
  useCase: offerSpace,
  each: (space, { to, reason }) => ({ space, to, reason }),
  after,
})

/** Starts the deletion of several spaces, after their number was typed. */
export const deleteSpacesAction = bulkAction({
  name: 'delete-space',
  input: bulkForm
    .extend({ confirmation: z.string().max(100) })
    .refine(({ spaces, confirmation }) => confirmation.trim() === deletionPhrase(spaces.length), {
      path: ['confirmation'],
      message: 'That isn’t the number of spaces.',
    }),
  useCase: deleteSpace,
  each: (space) => ({ space, confirmation: space.name }),
  after,
})
