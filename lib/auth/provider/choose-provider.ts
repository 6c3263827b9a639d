/**
 * Which identity provider a request is about. Must never ask, or believe, one provider about a person of another: what
 * follows works with the services of the one that was chosen here.
 */

import type { AuthServices } from '#lib/auth/auth-services.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

const all = (services: AuthServices) => [services, ...services.further]

/** @returns the services with the provider of an id; null: there is none */
export function servicesById(services: AuthServices, id: string): AuthServices | null {
  const found = all(services).find(({ settings }) => settings.id === id)
  return found ? { ...services, settings: found.settings, provider: found.provider } : null
}

/** @returns the services with the provider where somebody signs in; null: it isn't configured any more */
export function servicesOfIssuer(services: AuthServices, issuer: string): AuthServices | null {
  const found = all(services).find(({ settings }) => settings.issuer === bareIssuer(issuer))
  return found ? { ...services, settings: found.settings, provider: found.provider } : null
}
