import fc from 'fast-check';
import { verifyText } from '../../../lib/report/verify/text';
import { NAME } from '../hostile-name';
import { emptyAccount, hostileAccount, smallAccount } from './small-account';

const PLAIN = { color: false, quiet: false };

test('a small account', () => {
  expect(verifyText(smallAccount(), PLAIN)).toBe(`Orders in eu-west-1
  Function       In force     Aliases                         May write to X-Ray
  Orders/Intake  PassThrough  -                               yes
  Acceptance     Active       live: 1 Active                  ?
                              next: 1 Active + 2 PassThrough
  Report         Missing      -                               -
  Audit          Unknown      ?                               ?

  template.yaml:6  mode  Orders/Intake  intake-1A2B
    The tracing mode of 'Orders/Intake' is PassThrough, and Active in the template, which is deployed: it was changed outside of the stack.
    Fix: Set it back. A deployment does not, as long as the template stays as it is.
      aws lambda update-function-configuration --function-name intake-1A2B --tracing-config Mode=Active --region eu-west-1

  template.yaml:10  split  Acceptance  acceptance-1A2B
    The alias 'next' of 'Acceptance' splits its traffic between version 1, which is Active, and version 2, which is PassThrough: one of them records no traces.
    Fix: End the shift of traffic, or publish both versions with the same mode. The command gives all requests to version 1, and so to its code: where a deployment is shifting them, let that end.
      aws lambda update-alias --function-name acceptance-1A2B --name next --function-version 1 --routing-config 'AdditionalVersionWeights={}' --region eu-west-1

  template.yaml:11  missing  Report  report-1A2B
    The function 'Report' isn't there, though the stack 'Orders' has it: it was deleted outside of the stack.
    Fix: CloudFormation does not make it again by itself: deploy the stack without the function, and then with it.

Not read
  deployed: Can't read the function 'audit-1A2B' in eu-west-1: Access denied.

The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified.
The stack 'Orders' in eu-west-1 doesn't have 'New' yet: deploy it.
Whether 'Acceptance' of the stack 'Orders' may write to X-Ray could not be compared, since the simulator says of the role 'acceptance' that service control policies of the organization do not allow it, without all that they may go by: look at its traces.

3 deviations in 3 of 4 functions. 1 function could not be compared in full. 1 part could not be read.
`);
});

test('quietly, deviations alone', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, quiet: true });
  expect(text.split('\n').slice(0, 2)).toEqual([
    'Orders in eu-west-1',
    '  template.yaml:6  mode  Orders/Intake  intake-1A2B',
  ]);
  expect(text).toMatch(/Access denied\.\n$/);
  expect(text).not.toContain('Billing');
});

test('quietly, nothing where there are none', () => {
  expect(verifyText(emptyAccount(), { ...PLAIN, quiet: true })).toBe('');
});

test('on a narrow terminal, commands stay whole', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, width: 60 });
  expect(text).toContain(
    "\n    The tracing mode of 'Orders/Intake' is PassThrough, and\n    Active in the template,",
  );
  expect(text).toMatch(/^ {6}aws lambda update-function-configuration .* --region eu-west-1$/m);
});

test('in color', () => {
  const text = verifyText(smallAccount(), { ...PLAIN, color: true });
  expect(text).toContain('\u001b[31mmode\u001b[39m');
});

test('an empty account', () => {
  expect(verifyText(emptyAccount(), PLAIN)).toBe(
    "The stack 'Billing' is not deployed in eu-west-1 yet, so it was not verified.\n\nNo deviations in 0 functions.\n",
  );
});

test('whatever names contain, they stay within their line', () => {
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
