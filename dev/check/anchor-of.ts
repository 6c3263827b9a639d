/** @returns the anchor that Markdown gives a heading: lower case, no punctuation, hyphens for spaces */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
