import 'server-only'
import { cookies } from 'next/headers'
import { parseTheme, type Theme, themeCookie } from '#lib/features/search/model/theme.ts'

/** @returns the theme chosen in this browser; the server needs it for the first paint */
export const readTheme = async (): Promise<Theme> => parseTheme((await cookies()).get(themeCookie)?.value)
