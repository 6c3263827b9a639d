'use server'

import { revalidatePath } from 'next/cache'
import { spaceForm } from '#app/spaces/space-form.ts'
import { gatewayAction } from '#lib/web/action/broker-action.ts'
import { editInput, editWorkload } from '#lib/web/gateway/edit-workload.ts'

/** Previews an edited manifest, or saves it. */
export const editAction = gatewayAction({
  name: 'edit-workload',
  input: spaceForm(editInput, {}),
  ask: editWorkload,
  after: ({ hunks }, { of, step }) => {
    if (step === 'preview') return { data: { saved: false, hunks } }
    revalidatePath('/spaces', 'layout')
    return { message: `Saved ${of.name}.`, data: { saved: true, hunks } }
  },
})
