'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { spacePath } from '#components/spaces/space-path.ts'
import { acceptOffer, acceptOfferInput } from '#lib/broker/offers/accept-offer.ts'
import { declineOffer, declineOfferInput } from '#lib/broker/offers/decline-offer.ts'
import type { ActionState } from '#lib/domain/action-state.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const accept = brokerAction({
  name: 'accept-offer',
  input: z
    .strictObject({ id: z.string() })
    .transform((form): z.input<typeof acceptOfferInput> => form)
    .pipe(acceptOfferInput),
  useCase: acceptOffer,
  after: (space) => redirect(spacePath(space)),
})

const decline = brokerAction({
  name: 'decline-offer',
  input: z
    .strictObject({ id: z.string() })
    .transform((form): z.input<typeof declineOfferInput> => form)
    .pipe(declineOfferInput),
  useCase: declineOffer,
  after: () => {
    revalidatePath('/')
    return { message: 'Declined. The space stays its owner’s.' }
  },
})

/** Takes a space that was offered, then shows it. */
export async function acceptOfferAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return accept(previous, form)
}

/** Says no to a space that was offered. */
export async function declineOfferAction(previous: ActionState, form: FormData): Promise<ActionState> {
  return decline(previous, form)
}
