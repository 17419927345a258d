import fc from 'fast-check';
import { verifyText } from '../../../lib/report/verify/text';
import { NAME } from '../hostile-name';
import { emptyAccount, hostileAccount, smallAccount } from './small-account';

const PLAIN = { color: false, quiet: false };

test('lists functions by stack, and each difference with its fix', () => {
  expect(verifyText(smallAccount(), PLAIN)).toBe(`Orders in eu-west-1
  Function       Deployed mode  Aliases                         Can write to X-Ray
  Orders/Intake  PassThrough    -                               yes
  Acceptance     Active         live: 1 Active                  ?
                                next: 1 Active + 2 PassThrough
  Report         Missing        -                               -
  Audit          Unknown        ?                               ?

  template.yaml:6  mode  Orders/Intake  intake-1A2B
    The tracing mode of 'Orders/Intake' is PassThrough, but Active in the template. The template is deployed, so the mode was changed outside of the stack.
    Fix: Set the mode back. Deploying the unchanged template does not restore it.
      aws lambda update-function-configuration --function-name intake-1A2B --tracing-config Mode=Active --region eu-west-1

  template.yaml:10  split  Acceptance  acceptance-1A2B
    Alias 'next' of 'Acceptance' splits its traffic between version 1 (Active) and version 2 (PassThrough). Only one of them records traces.
    Fix: End the traffic shift, or publish both versions in the same mode. The command sends all requests to version 1, and therefore to its code. If a deployment is shifting the traffic, wait for it to finish instead.
      aws lambda update-alias --function-name acceptance-1A2B --name next --function-version 1 --routing-config 'AdditionalVersionWeights={}' --region eu-west-1

  template.yaml:11  missing  Report  report-1A2B
    Function 'Report' does not exist, although the stack 'Orders' contains it. It was deleted outside of the stack.
    Fix: CloudFormation does not recreate the function by itself. Remove it from the template and deploy, then add it again and deploy.

Not read
  deployed: Can't read the function 'audit-1A2B' in eu-west-1: Access denied.

The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified.
The stack 'Orders' in eu-west-1 does not contain 'New' yet. Deploy the stack.
The X-Ray permissions of 'Acceptance' in the stack 'Orders' could not be verified. The IAM policy simulator reports that service control policies do not allow the role 'acceptance' to write traces, but it does not evaluate all of their conditions. Check whether the function's traces arrive.

4 functions: 1 Active, 1 PassThrough, 1 missing, 1 not read.
3 differences in 3 of 4 functions. 1 function could not be fully compared. 1 part could not be read.
`);
});

test('lists only differences with --quiet', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, quiet: true });
  expect(text.split('\n').slice(0, 2)).toEqual([
    'Orders in eu-west-1',
    '  template.yaml:6  mode  Orders/Intake  intake-1A2B',
  ]);
  expect(text).toMatch(/Access denied\.\n$/);
  expect(text).not.toContain('Billing');
});

test('is empty with --quiet if there are no differences', () => {
  expect(verifyText(emptyAccount(), { ...PLAIN, quiet: true })).toBe('');
});

test('does not wrap commands on a narrow terminal', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, width: 60 });
  expect(text).toContain(
    "\n    The tracing mode of 'Orders/Intake' is PassThrough, but\n    Active in the template.",
  );
  expect(text).toMatch(/^ {6}aws lambda update-function-configuration .* --region eu-west-1$/m);
});

test('is colored', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, color: true });
  expect(text).toContain('\u001b[31mmode\u001b[39m');
});

test('contains only notes and the summary for an empty account', () => {
  expect(verifyText(emptyAccount(), PLAIN)).toBe(
    "The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified.\n\nNothing was verified.\n",
  );
});

test('keeps any name within its line', () => {
  const lines = (name: string) => verifyText(hostileAccount(name), PLAIN).split('\n');
  const plain = lines('x').length;
  fc.assert(
    fc.property(NAME, (name) => {
      const text = lines(name);
      expect(text).toHaveLength(plain);
      expect(text.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    }),
  );
});
