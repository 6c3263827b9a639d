import type { Metadata } from 'next'
import { type SearchParams, textParam } from '#app/search-params.ts'
import { BreakGlassCard } from '#components/shell/break-glass-card.tsx'
import { signInSentence } from '#lib/kernel/model/people/sign-in-error.ts'

export const metadata: Metadata = { title: 'Break-glass account' }

type Props = { searchParams: Promise<SearchParams> }

/** Sign-in with a break-glass code. The page looks the same whether or not there is a code. */
export default async function BreakGlassSignInPage({ searchParams }: Props) {
  return (
    <BreakGlassCard action="/api/auth/break-glass" problem={signInSentence(textParam(await searchParams, 'error'))} />
  )
}
