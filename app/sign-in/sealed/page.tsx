import type { Metadata } from 'next'
import { type SearchParams, textParam } from '#app/search-params.ts'
import { SealedCard } from '#components/shell/break-glass-card.tsx'
import { signInSentence } from '#lib/kernel/model/people/sign-in-error.ts'

export const metadata: Metadata = { title: 'Sealed account' }

type Props = { searchParams: Promise<SearchParams> }

/** Signing in with the code from the envelope. It looks the same whether or not there is one. */
export default async function SealedSignInPage({ searchParams }: Props) {
  return <SealedCard action="/api/auth/sealed" problem={signInSentence(textParam(await searchParams, 'error'))} />
}
