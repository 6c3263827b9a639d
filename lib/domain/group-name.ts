/** In characters, and in bytes: an entry of one of Postgres's indexes holds 2,704 of them. */
const longest = { characters: 1_024, bytes: 2_600 }

/** What is no visible character, or changes how others are read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found
export const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** @returns whether a text can be the name of a group: no other is taken from an identity provider, or given a role */
export const isGroupName = (name: string): boolean =>
  name !== '' &&
  name.trim() === name &&
  !control.test(name) &&
  name.isWellFormed() &&
  name.length <= longest.characters &&
  new TextEncoder().encode(name).length <= longest.bytes
