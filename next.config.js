/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  poweredByHeader: false,
  reactStrictMode: true,
  // These find their files or WebAssembly by path, or keep state that must exist once in a process.
  serverExternalPackages: [
    '@prisma/adapter-pg',
    '@prisma/client',
    'graphile-worker',
    'pg',
    'pino',
    'prom-client',
    'rate-limiter-flexible',
    'undici',
  ],
  // The former address of a person’s activity.
  redirects: async () => [
    { source: '/audit/people/:handle', destination: '/admin/people/:handle/activity', permanent: true },
  ],
  // No page has an image that Next would have to shrink.
  images: { unoptimized: true },
  // `npm run check` checks types and lint, with stricter tools and once.
  typescript: { ignoreBuildErrors: true },
}
