/** What a typed text can be compared with. */
export type Pickable = {
  /** Its one name for good. Typed as it stands it is meant, whatever else is called so. */
  id: string
  /** What else it is called, in any case; others may be called the same. */
  names: readonly string[]
}

export type Pick<O> =
  | { fits: 'none' }
  /** `alike`: they are all called what was typed, so typing on tells them apart no better. */
  | { fits: 'several'; alike: boolean }
  /** `sure`: it is called what was typed; else it is merely the only one that was found. */
  | { fits: 'one'; option: O; sure: boolean }

/** @returns which of the options that were found for a text the text means */
export function pickOption<O extends Pickable>(text: string, options: readonly O[]): Pick<O> {
  const lower = text.toLowerCase()
  const meant = options.filter(({ id }) => id === text)
  const alike = options.filter(({ id, names }) => [id, ...names].some((name) => name.toLowerCase() === lower))
  const [option, ...others] = [meant, alike, options].find(({ length }) => length > 0) ?? []
  if (!option) return { fits: 'none' }
  if (others.length > 0) return { fits: 'several', alike: alike.length > 0 }
  return { fits: 'one', option, sure: alike.length > 0 }
}
