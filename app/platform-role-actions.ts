'use server'

import { revalidatePath } from 'next/cache'
import {
  acknowledgeBreakGlassUse,
  acknowledgeBreakGlassUseInput,
} from '#lib/features/people/use-cases/acknowledge-break-glass-use.ts'
import { activateAdminRole, activateAdminRoleInput } from '#lib/features/people/use-cases/activate-admin-role.ts'
import { endAdminRole, endAdminRoleInput } from '#lib/features/people/use-cases/end-admin-role.ts'
import { endOwnAdminRole, endOwnAdminRoleInput } from '#lib/features/people/use-cases/end-own-admin-role.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'
import { wholeMinutes } from './form-fields.ts'

/** Reloads the header and every page, since the person's access has changed. */
const reloadAll = () => revalidatePath('/', 'layout')

export const activateAdminRoleAction = brokerAction({
  name: 'activate-admin-role',
  input: formOf(activateAdminRoleInput, { minutes: wholeMinutes }),
  useCase: activateAdminRole,
  after() {
    reloadAll()
    return { message: 'Your platform admin role is active. The other admins have been notified.' }
  },
})

export const endOwnAdminRoleAction = brokerAction({
  name: 'end-own-admin-role',
  input: endOwnAdminRoleInput,
  useCase: endOwnAdminRole,
  after() {
    reloadAll()
    return { message: 'Your platform admin role has ended.' }
  },
})

export const endAdminRoleAction = brokerAction({
  name: 'end-admin-role',
  input: endAdminRoleInput,
  useCase: endAdminRole,
  after() {
    revalidatePath('/admin/people', 'layout')
    return { message: 'Their platform admin role has ended.' }
  },
})

export const acknowledgeBreakGlassUseAction = brokerAction({
  name: 'acknowledge-break-glass-use',
  input: acknowledgeBreakGlassUseInput,
  useCase: acknowledgeBreakGlassUse,
  after() {
    reloadAll()
    return { message: 'Acknowledged. The alarm is gone for all admins.' }
  },
})
