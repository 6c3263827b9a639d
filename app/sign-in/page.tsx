import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { type SearchParams, textParam } from '#app/search-params.ts'
import { NotFresh } from '#components/shell/not-fresh.tsx'
import { SignInCard } from '#components/shell/sign-in-card.tsx'
import { SignInScene } from '#components/spaces/sign-in-scene.tsx'
import { isFreshnessError, signInSentence } from '#lib/kernel/model/people/sign-in-error.ts'
import { signInPage } from '#lib/web/page/sign-in-page.ts'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<SearchParams> }

export default async function SignInPage({ searchParams }: Props) {
  const params = await searchParams
  const { signedIn, sessionEnded, returnTo, signedOut, helpUrl, providers } = await signInPage({
    callbackUrl: textParam(params, 'callbackUrl'),
    state: textParam(params, 'state'),
  })
  const error = textParam(params, 'error')
  const problem = signInSentence(error)
  if (signedIn && problem !== null && isFreshnessError(error)) return <NotFresh problem={problem} returnTo={returnTo} />
  if (signedIn) redirect(returnTo)
  return (
    <SignInCard
      providers={providers}
      callbackUrl={returnTo}
      problem={problem}
      signedOut={signedOut}
      sessionEnded={sessionEnded}
      helpUrl={helpUrl}
      scene={<SignInScene />}
    />
  )
}
