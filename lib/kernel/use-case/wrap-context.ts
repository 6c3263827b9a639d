import type { Actor } from '#lib/kernel/model/people/person.ts'
import { CallerContext } from './caller-context.ts'
import type { Origin, Services } from './context.ts'

export type { CallerContext }

/** @returns what a known person's use cases are called with; the services in it are out of the caller's reach */
export const wrapContext = (services: Services, actor: Actor, origin: Origin): CallerContext =>
  new CallerContext(services, actor, origin)
