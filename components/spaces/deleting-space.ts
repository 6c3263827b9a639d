import type { SpaceAddress } from './space-path.ts'

const key = ({ name, cluster = '' }: SpaceAddress) => `spaceport:deleting:${cluster}/${name}`

/** Remembers that one saw a space being deleted, so that its absence a moment later is no surprise. */
export function rememberDeleting(space: SpaceAddress): void {
  sessionStorage.setItem(key(space), 'yes')
}

/** @returns whether one saw the space being deleted, in this tab */
export const sawDeleting = (space: SpaceAddress): boolean => sessionStorage.getItem(key(space)) !== null

/** Forgets it: a space of that name is there again. */
export function forgetDeleting(space: SpaceAddress): void {
  sessionStorage.removeItem(key(space))
}
