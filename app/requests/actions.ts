'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { minutes } from '#app/form-fields.ts'
import { decideRequest, decideRequestInput } from '#lib/features/requests/use-cases/decide-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { withdrawRequest, withdrawRequestInput } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'
import { roleForm } from './role-form.ts'

/** Requests a role in a space, then shows the request. */
export const requestRoleAction = brokerAction({
  name: 'request-role',
  input: roleForm,
  useCase: requestRole,
  after: ({ id }) => redirect(`/requests/${id}`),
})

/** Approves or denies a request with the hash in the form. The page shows the result. */
export const decideRequestAction = brokerAction({
  name: 'decide-request',
  input: formOf(decideRequestInput, { minutes: minutes.optional() }),
  useCase: decideRequest,
  after(decided) {
    revalidatePath('/requests', 'layout')
    if (decided.state !== 'open') return
    const { missing } = decided
    return { message: `Approved. It needs ${missing} more ${missing === 1 ? 'approval' : 'approvals'}.` }
  },
})

export const withdrawRequestAction = brokerAction({
  name: 'withdraw-request',
  input: withdrawRequestInput,
  useCase: withdrawRequest,
  after: () => {
    revalidatePath('/requests', 'layout')
    return { message: 'Request withdrawn.' }
  },
})
