'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { personPath } from '#components/people/people-list-data.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { offboardForm } from './offboard-form.ts'

/** Offboards a person, then shows the clusters' answers. */
export const offboardPersonAction = brokerAction({
  name: 'offboard-person',
  input: offboardForm,
  useCase: offboardPerson,
  after: (_, { confirmation }) => {
    revalidatePath('/admin/people', 'layout')
    redirect(personPath(confirmation.trim()))
  },
})
