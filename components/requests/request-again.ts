import { askingPath, type SpaceAddress } from '#components/spaces/space-path.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

export const askWhys = ['extend-space', 'extend-role'] as const
type AskWhy = (typeof askWhys)[number]

/** Prefilled reasons, by name: URLs carry only the name, so that a link can't inject its own text. */
export const askReasons: Readonly<Record<AskWhy, string>> = {
  'extend-space': 'The space ends soon. Please extend it, or give me this role so that I can.',
  'extend-role': 'My role ends soon, and I still need it.',
}

/** @returns the path of the form to request a role in a space, with a prefilled reason */
export const askPath = (space: SpaceAddress, role: Role, why: AskWhy): string => askingPath(space, { role, why })
