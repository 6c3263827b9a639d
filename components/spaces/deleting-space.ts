import type { SpaceAddress } from './space-path.ts'

const key = ({ name, cluster = '' }: SpaceAddress) => `spaceport:deleting:${cluster}/${name}`

/** Remembers that this tab showed a space being deleted, so that its page can confirm the deletion. */
export function rememberDeleting(space: SpaceAddress): void {
  sessionStorage.setItem(key(space), 'yes')
}

/** @returns whether this tab showed the space being deleted */
export const sawDeleting = (space: SpaceAddress): boolean => sessionStorage.getItem(key(space)) !== null

/** Forgets it, because a space with that name exists again. */
export function forgetDeleting(space: SpaceAddress): void {
  sessionStorage.removeItem(key(space))
}
