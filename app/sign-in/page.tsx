import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInCard } from '#components/shell/sign-in-card.tsx'
import { signInSentence } from '#lib/domain/sign-in-error.ts'
import { signInPage } from '#lib/web/page/sign-in-page.ts'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined)

export default async function SignInPage({ searchParams }: Props) {
  const query = await searchParams
  const { signedIn, sessionEnded, returnTo, signedOut } = await signInPage({
    callbackUrl: one(query.callbackUrl),
    state: one(query.state),
  })
  if (signedIn) redirect(returnTo)
  return (
    <SignInCard
      action="/api/auth/signin/oidc"
      callbackUrl={returnTo}
      problem={signInSentence(one(query.error))}
      signedOut={signedOut}
      sessionEnded={sessionEnded}
    />
  )
}
