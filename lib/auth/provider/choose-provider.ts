/**
 * Chooses the identity provider of a request. Spaceport must never ask one provider about another provider's people, or
 * believe it: later steps use only the services chosen here.
 */

import type { AuthServices } from '#lib/auth/auth-services.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

const all = (services: AuthServices) => [services, ...services.further]

/** @returns the services with the provider of this id; null: there is none */
export function servicesById(services: AuthServices, id: string): AuthServices | null {
  const found = all(services).find(({ settings }) => settings.id === id)
  return found ? { ...services, settings: found.settings, provider: found.provider } : null
}

/** @returns the services with the provider of this issuer; null: it is no longer configured */
export function servicesOfIssuer(services: AuthServices, issuer: string): AuthServices | null {
  const found = all(services).find(({ settings }) => settings.issuer === bareIssuer(issuer))
  return found ? { ...services, settings: found.settings, provider: found.provider } : null
}
