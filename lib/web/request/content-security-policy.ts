type Options = {
  nonce: string
  https: boolean
  development: boolean
}

/** Everything that the portal's pages may load and do (Content Security Policy Level 3). */
export function contentSecurityPolicy({ nonce, https, development }: Options): string {
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? ` 'unsafe-eval'` : ''}`,
    // The development server injects its styles by script, without a nonce.
    `style-src 'self' ${development ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    // Only a page leads to the identity provider (lib/auth/sign-in/continue-to.ts), never a form's redirect.
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `object-src 'none'`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}
