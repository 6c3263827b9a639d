const key = (name: string) => `spaceport:leaving:${name}`

/** Remembers that one saw a space being deleted, so that its absence a moment later is no surprise. */
export function rememberLeaving(name: string): void {
  sessionStorage.setItem(key(name), 'yes')
}

/** @returns whether one saw the space being deleted, in this tab */
export const sawLeaving = (name: string): boolean => sessionStorage.getItem(key(name)) !== null

/** Forgets it: a space of that name is there again. */
export function forgetLeaving(name: string): void {
  sessionStorage.removeItem(key(name))
}
