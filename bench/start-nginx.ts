import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CertificateFiles } from '#dev/cluster/certificates.ts'
import { type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { runCaptured } from '#dev/process/run-captured.ts'

const places = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']
const find = () => places.find((path) => existsSync(path))

/** @throws Error when there is no nginx and none can be installed */
async function findNginx(): Promise<string> {
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

/** Starts nginx with one worker as a reverse proxy that does what reference/proxy.go does. */
export async function startNginx(options: {
  dir: string
  port: number
  tls: CertificateFiles
  upstream: { port: number; caFile: string; token: string }
  prefix: string
}): Promise<ManagedProcess> {
  const { dir, port, tls, upstream, prefix } = options
  const command = await findNginx()
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, render())
  return startProcess({
    name: 'nginx',
    command,
    args: ['-c', file, '-p', dir, '-e', join(dir, 'error.log')],
    env: { PATH: process.env.PATH },
    cwd: dir,
    logFile: join(dir, 'nginx.log'),
  })

  function render(): string {
    return `
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
      proxy_ssl_trusted_certificate ${upstream.caFile};
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
      proxy_ssl_server_name on;
      proxy_ssl_session_reuse on;
    }
  }
}
`
  }
}
