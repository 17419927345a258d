import type { Log } from 'sarif';
import { bundledCommand, folderWith, runShared } from './bundled-command';
import { BROKEN, UNTRACED } from './templates';

const FILE = '.cdk-lambda-xray.yaml';

const CONFIG = `acknowledge:
  - { rule: ActiveTracing, logicalId: Gone, reason: So. }
  - rule: ExplicitMode
    logicalId: Gone
    reason: So.
`;

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

async function outputOf(format: string, subcommand = 'check'): Promise<string> {
  const cwd = folderWith({ 'template.yaml': UNTRACED, [FILE]: CONFIG });
  return (await runShared(command, [subcommand, 'template.yaml', '--format', format], { cwd })).stdout;
}

describe('an acknowledgement that matches no finding is reported with its position in', () => {
  test.each([
    [
      'text',
      `${FILE}
  2:5  warning  The acknowledgement of LambdaXRay-ActiveTracing matches no finding.  Acknowledgement
  3:5  warning  The acknowledgement of LambdaXRay-ExplicitMode matches no finding.  Acknowledgement
`,
    ],
    ['github', `::warning file=${FILE},line=2,col=5,title=LambdaXRay-Acknowledgement::`],
    ['markdown', `<br>${FILE}:3:5 · [LambdaXRay-Acknowledgement]`],
    ['junit', `<![CDATA[warning: ${FILE}:3:5\n`],
  ])('%s', async (format, expected) => {
    const output = await outputOf(format);
    expect(output).toContain(expected);
    expect(output).not.toContain(`Template: ${FILE}`);
  });

  test('json', async () => {
    const { findings } = JSON.parse(await outputOf('json')) as { findings: object[] };
    expect(findings).toContainEqual(
      expect.objectContaining({ template: FILE, line: 3, source: { file: FILE, line: 3, column: 5 } }),
    );
  });

  test('gitlab', async () => {
    expect(JSON.parse(await outputOf('gitlab'))).toContainEqual(
      expect.objectContaining({ location: { path: FILE, lines: { begin: 3 } } }),
    );
  });

  test('sarif', async () => {
    const [{ results = [] }] = (JSON.parse(await outputOf('sarif')) as Log).runs;
    const result = results.find(({ ruleId }) => ruleId === 'LambdaXRay-Acknowledgement');
    expect(result?.locations?.[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: FILE },
      region: { startLine: 2, startColumn: 5 },
    });
    expect(result?.relatedLocations).toBeUndefined();
  });

  test('the map', async () => {
    const { findings } = JSON.parse(await outputOf('json', 'map')) as { findings: object[] };
    expect(findings).toContainEqual(
      expect.objectContaining({ line: 3, source: { file: FILE, line: 3, column: 5 } }),
    );
  });
});

test('an acknowledgement is not reported as stale if a template could not be read', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED, 'broken.yaml': BROKEN, [FILE]: CONFIG });
  for (const args of [['check'], ['check', '--acknowledge-all', 'Known.'], ['diff', 'template.yaml']]) {
    const { stdout, status } = await runShared(command, [...args, 'template.yaml', 'broken.yaml'], { cwd });
    expect(stdout).toContain('broken.yaml');
    expect(stdout).not.toContain('matches no finding');
    expect(status).toBe(2);
  }
});
