import type { Actor } from '#lib/kernel/model/people/person.ts'
import { CallerContext } from './caller-context.ts'
import type { Origin, Services } from './context.ts'

export type { CallerContext }

/** @returns the context for calling use cases as a known person; the caller can't reach its services */
export const wrapContext = (services: Services, actor: Actor, origin: Origin): CallerContext =>
  new CallerContext(services, actor, origin)
