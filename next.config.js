/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  poweredByHeader: false,
  reactStrictMode: true,
  // These find their files or WebAssembly by path, or keep state that must exist once in a process.
  serverExternalPackages: [
    '@kubernetes/client-node',
    '@prisma/adapter-pg',
    '@prisma/client',
    'graphile-worker',
    'pg',
    'pino',
    'prom-client',
    'undici',
  ],
  // What lib/web/dress-requests.ts leaves to Next: static files carry no page's headers, but none may be read as another type.
  headers: async () =>
    ['/_next/:path*', '/icon.svg'].map((source) => ({
      source,
      headers: [{ key: 'x-content-type-options', value: 'nosniff' }],
    })),
  // Types and lint are looked at by `npm run check`, with stricter tools and once.
  typescript: { ignoreBuildErrors: true },
}
