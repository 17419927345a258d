import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { atTheDoor, byCommand } from '../guard/door-and-command';
import { ordersApp } from './orders-app';

const app = ordersApp();

/** Returns the text of a template, with another tracing mode of its Active functions. */
function textOf(stack: Stack, mode = 'Active'): string {
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  return text.replaceAll('"TracingConfig":{"Mode":"Active"}', `"TracingConfig":{"Mode":"${mode}"}`);
}

describe.each<[string, Stack]>([
  ['Orders', app.orders],
  ['Shipments', app.shipments],
])('the guard has the findings of the command on the stack %s of the example app', (_, stack) => {
  test.each([
    ['that turns tracing on', textOf(stack, 'PassThrough'), textOf(stack)],
    ['that turns tracing off', textOf(stack), textOf(stack, 'PassThrough')],
    ['that misspells the mode', textOf(stack), textOf(stack, 'Enabled')],
    ['without changes', textOf(stack), textOf(stack)],
  ])('in an update %s', async (__, before, after) => {
    expect(atTheDoor(after, before)).toEqual(await byCommand(after, before));
  });
});
