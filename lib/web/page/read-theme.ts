import 'server-only'
import { cookies } from 'next/headers'
import { parseTheme, type Theme, themeCookie } from '#lib/features/search/model/theme.ts'

/** @returns the theme that this browser was set to; the server needs it, so that the first paint has it already */
export const readTheme = async (): Promise<Theme> => parseTheme((await cookies()).get(themeCookie)?.value)
