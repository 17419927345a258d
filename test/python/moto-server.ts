import { spawn } from 'node:child_process';
import { join } from 'node:path';

const PYTHON = join(__dirname, '..', '..', '.venv', 'bin', 'python');

/** A simulated AWS without resources. */
export interface MotoServer {
  /** The value for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts https://github.com/getmoto/moto and waits until it listens. */
export async function startMoto(): Promise<MotoServer> {
  const server = spawn(PYTHON, [join(__dirname, 'moto_server.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let stderr = '';
  server.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('close', () => reject(new Error(`moto_server.py ended:\n${stderr}`)));
    server.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  const stop = () => {
    server.stdin.end();
    return ended;
  };
  // moto recognizes templates in S3 by the host name, so an IP address does not work.
  return { url: `http://localhost:${port}`, stop };
}
