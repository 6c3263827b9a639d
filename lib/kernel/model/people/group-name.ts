/** In characters and in bytes: an index entry in Postgres holds at most 2,704 bytes. */
const max = { characters: 1_024, bytes: 2_600 }

/** Characters that are invisible or change how others are displayed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
export const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** @returns whether a text can be a group's name, from identity providers or in grants */
export const isGroupName = (name: string): boolean =>
  name !== '' &&
  name.trim() === name &&
  !control.test(name) &&
  name.isWellFormed() &&
  name.length <= max.characters &&
  new TextEncoder().encode(name).length <= max.bytes
