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

/** What a person may see has changed: the header, and every page. */
const reloadAll = () => revalidatePath('/', 'layout')

/** Activates the person’s role as platform admin. The form leads on. */
export const activateAdminRoleAction = brokerAction({
  name: 'activate-admin-role',
  input: formOf(activateAdminRoleInput, { minutes: wholeMinutes }),
  useCase: activateAdminRole,
  after() {
    reloadAll()
    return { message: 'Your role as platform admin is active. The other admins have been told.' }
  },
})

/** Ends the person’s own role as platform admin. */
export const endOwnAdminRoleAction = brokerAction({
  name: 'end-own-admin-role',
  input: endOwnAdminRoleInput,
  useCase: endOwnAdminRole,
  after() {
    reloadAll()
    return { message: 'Your role as platform admin has ended.' }
  },
})

/** Ends somebody’s role as platform admin. */
export const endAdminRoleAction = brokerAction({
  name: 'end-admin-role',
  input: endAdminRoleInput,
  useCase: endAdminRole,
  after() {
    revalidatePath('/admin/people', 'layout')
    return { message: 'Their role as platform admin has ended.' }
  },
})

/** Ends the alarm about a use of the break-glass account. */
export const acknowledgeBreakGlassUseAction = brokerAction({
  name: 'acknowledge-break-glass-use',
  input: acknowledgeBreakGlassUseInput,
  useCase: acknowledgeBreakGlassUse,
  after() {
    reloadAll()
    return { message: 'Acknowledged. The alarm is gone for all admins.' }
  },
})
