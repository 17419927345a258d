import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which rooms of lib/ a room may not walk into, and what else it must not load. */
const ROOMS = {
  model: {
    rooms: [
      'rules',
      'estimate',
      'verify',
      'load',
      'deployed',
      'report',
      'cli',
      'nag',
      'assertions',
      'constructs',
    ],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'fs', 'node:fs'],
  },
  rules: {
    rooms: ['estimate', 'verify', 'load', 'deployed', 'report', 'cli', 'nag', 'assertions', 'constructs'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'fs', 'node:fs'],
  },
  estimate: {
    rooms: ['rules', 'verify', 'load', 'deployed', 'report', 'cli', 'nag', 'assertions', 'constructs'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'fs', 'node:fs'],
  },
  verify: {
    rooms: ['rules', 'estimate', 'load', 'deployed', 'report', 'cli', 'nag', 'assertions', 'constructs'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag', '@aws-sdk', 'fs', 'node:fs'],
  },
  load: {
    rooms: ['rules', 'estimate', 'verify', 'deployed', 'report', 'cli', 'nag', 'assertions', 'constructs'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag'],
  },
  deployed: {
    rooms: ['rules', 'estimate', 'report', 'cli', 'nag', 'assertions', 'constructs'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag'],
  },
  report: {
    rooms: ['deployed', 'nag', 'assertions', 'constructs', 'cli'],
    modules: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'fs', 'node:fs'],
  },
  cli: { rooms: ['nag', 'assertions', 'constructs'], modules: ['aws-cdk-lib', 'constructs', 'cdk-nag'] },
  nag: {
    rooms: ['estimate', 'verify', 'load', 'deployed', 'report', 'cli', 'assertions'],
    modules: [],
  },
};

/** What the constructs may use of the model: how event sources are told apart. */
const CLASSIFICATION = ['event-sources', 'json'];

function walls([room, { rooms, modules }]) {
  return {
    files: [`lib/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: rooms.map((other) => `**/${other}/**`), message: `lib/${room} must not use this room.` },
            {
              group: modules.flatMap((name) => [name, `${name}/*`]),
              message: `lib/${room} must not load this.`,
            },
          ].filter(({ group }) => group.length > 0),
        },
      ],
    },
  };
}

export default tseslint.config(
  {
    ignores: [
      '.stryker-tmp/',
      '.venv/',
      'dist/',
      'cdk.out/',
      'coverage/',
      'node_modules/',
      'reports/',
      'test/mutation/tests.cjs',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: { module: 'writable', process: 'readonly', require: 'readonly', __dirname: 'readonly' },
    },
  },
  ...Object.entries(ROOMS).map(walls),
  {
    files: ['lib/constructs/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '**/rules/**',
                '**/estimate/**',
                '**/verify/**',
                '**/load/**',
                '**/deployed/**',
                '**/nag/**',
                '**/assertions/**',
              ],
              message: 'Constructs do not judge.',
            },
            {
              regex: `model/(?!(${CLASSIFICATION.join('|')})$)`,
              message: 'Of the model, constructs use the classification of event sources only.',
            },
          ],
        },
      ],
    },
  },
  prettier,
);
