import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type Ground, prefix } from './ground.ts'

const places = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']
const find = () => places.find((path) => existsSync(path))

/** @throws Error when there is no nginx and none can be installed */
export async function findNginx(): Promise<string> {
  const found = find()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'nginx-light']]) {
      const { status, output } = await runCaptured('apt-get', args, { env })
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output.trim().slice(-2_000)}`)
    }
    const installed = find()
    if (installed !== undefined) return installed
  }
  throw new Error('This row needs nginx as its reference: install it (Debian: nginx-light).')
}

/**
 * Writes the configuration of an nginx with one worker, a reverse proxy equivalent to reference/proxy.go.
 * @returns its command-line arguments
 */
export function renderNginx(dir: string, port: number, { tls, upstream, caFile }: Ground): readonly string[] {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'nginx.conf')
  writeFileSync(
    file,
    `
daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${dir}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  keepalive_requests 100000000;
  upstream api { server 127.0.0.1:${upstream.port}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${tls.certFile};
    ssl_certificate_key ${tls.keyFile};
    ssl_protocols TLSv1.2 TLSv1.3;
    location ${prefix}/ {
      proxy_pass https://api/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer ${upstream.token}";
      proxy_set_header Impersonate-User "system:serviceaccount:spaceport-users:bench";
      proxy_ssl_trusted_certificate ${caFile};
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
      proxy_ssl_server_name on;
      proxy_ssl_session_reuse on;
    }
  }
}
`,
  )
  return ['-c', file, '-p', dir, '-e', join(dir, 'error.log')]
}
