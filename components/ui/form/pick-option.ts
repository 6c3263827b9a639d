/** The properties that typed text is compared with. */
export type Pickable = {
  /** Its unique, permanent name. An exact match always wins. */
  id: string
  /** Other names, case-insensitive and not unique. */
  names: readonly string[]
}

export type Pick<O> =
  | { fits: 'none' }
  /** `alike`: all have this text as a name, so typing more doesn't help. */
  | { fits: 'several'; alike: boolean }
  /** `sure`: the text is its id or name; otherwise it was only the single result. */
  | { fits: 'one'; option: O; sure: boolean }

/** @returns the option that a typed text refers to */
export function pickOption<O extends Pickable>(text: string, options: readonly O[]): Pick<O> {
  const lower = text.toLowerCase()
  const meant = options.filter(({ id }) => id === text)
  const alike = options.filter(({ id, names }) => [id, ...names].some((name) => name.toLowerCase() === lower))
  const [option, ...others] = [meant, alike, options].find(({ length }) => length > 0) ?? []
  if (!option) return { fits: 'none' }
  if (others.length > 0) return { fits: 'several', alike: alike.length > 0 }
  return { fits: 'one', option, sure: alike.length > 0 }
}
