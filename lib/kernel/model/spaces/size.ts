/** Sizes of a space, from smallest to largest. */
export const sizes = ['S', 'M', 'L'] as const
export type Size = (typeof sizes)[number]

/** What a person may do about the size of a space. */
export type SizeRights = {
  size: Size
  maxSize: Size
  /** Whether the person may change the size within policy, and request a larger one. */
  mayChange: boolean
  mayAsk: boolean
}

export const largerSizes = ({ size, maxSize, mayChange, mayAsk }: SizeRights): Size[] =>
  sizes.filter((each) => !sizeWithin(each, size) && (sizeWithin(each, maxSize) ? mayChange : mayAsk))

export const sizeWithin = (size: Size, max: Size): boolean => sizes.indexOf(size) <= sizes.indexOf(max)
