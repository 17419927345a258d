import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-signed certificate and its key. */
export interface Certificate {
  /** The value for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  readonly cert: string;
  readonly key: string;
}

/** Runs tests if OpenSSL is installed. Skips them otherwise, with the reason in their name. */
export const describeWithOpenSsl: (name: string, tests: () => void) => void =
  spawnSync('openssl', ['version']).status === 0
    ? describe
    : (name) =>
        describe.skip(`${name} (skipped: OpenSSL is not installed)`, () => {
          test('needs OpenSSL', () => undefined);
        });

/** @param hosts the hosts of the certificate, such as `*.example.com` */
export function certificateFor(hosts: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [file, key] = ['certificate.pem', 'key.pem'].map((name) => join(folder, name));
  const names = hosts.map((host) => `DNS:${host}`).join();
  const { status, stderr } = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=stand-in'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-addext', `subjectAltName=${names}`, '-out', file, '-keyout', key],
    ],
    { encoding: 'utf-8' },
  );
  if (status !== 0) throw new Error(`openssl failed:\n${stderr}`);
  return { file, cert: readFileSync(file, 'utf-8'), key: readFileSync(key, 'utf-8') };
}
