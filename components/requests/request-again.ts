import { askingPath, type SpaceAddress } from '#components/spaces/space-path.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

export const askWhys = ['extend-space', 'extend-role'] as const
type AskWhy = (typeof askWhys)[number]

/** The form’s reason, by why somebody is led to it: an address names one of these, so that no link writes a text of its own. */
export const askReasons: Readonly<Record<AskWhy, string>> = {
  'extend-space': 'The space ends soon. Please extend it, or give me this role so that I can.',
  'extend-role': 'My role ends soon, and I still need it.',
}

/** @returns the path of the form that requests a role in a space, with why */
export const askPath = (space: SpaceAddress, role: Role, why: AskWhy): string => askingPath(space, { role, why })
