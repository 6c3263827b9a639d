/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // Turbopack looks for instrumentation and proxy in the folders above too, and would find the portal's.
  pageExtensions: ['empty.tsx'],
  // Its sources are copied into a folder of the project, so that it finds the same Next.
  turbopack: { root: process.env.SPACEPORT_ROOT },
  typescript: { ignoreBuildErrors: true },
}
